import ChurnCore
import ChurnMemory
import ChurnTesting
import Testing

@testable import ChurnStore

/// Triggers of another program on our tables, which raise what they like.
@Suite("A trigger of another program", .enabled(if: TestDatabase.isThere, TestDatabase.absence))
struct ForeignTriggerTests {
    /// Runs a pipeline over events that set a tenure, and records that are none (nil).
    private static func run(
        _ tenures: [Int?], on database: TestDatabase,
        while isRunning: @Sendable (HealthBoard) async throws -> Void = { _ in }
    ) async throws {
        let store = try database.makeStore()
        _ = try await store.importCustomers(tenures.indices.map { Samples.customer("c\($0)") })
        let log = InMemoryEventLog(name: Samples.name)
        for (index, tenure) in tenures.enumerated() {
            let value = tenure.map {
                #"{"event_type":"unusual","user_id":"c\#(index)","changes":{"tenure":\#($0)}}"#
            }
            log.append(key: nil, value: Array((value ?? "no event").utf8))
        }
        log.finish()
        let health = HealthBoard()
        let pipeline = Pipeline(
            source: InMemoryEventSource(log: log, decoder: EventDecoder(domain: .telco)), store: store,
            models: ModelSlot(DigestPredictor(domain: .telco)), broadcaster: InMemoryBroadcaster(handler: { _ in }),
            domain: .telco, environment: Pipeline.Environment(health: health, logger: TestDatabase.logger))
        async let done: Void = pipeline.run()
        try await isRunning(health)
        try await done
        await store.close()
    }

    private static func trigger(on table: String, when condition: String = "true", _ action: String) -> String {
        """
        CREATE FUNCTION rule() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN \(action); RETURN new; END $$;
        CREATE TRIGGER rule BEFORE INSERT OR UPDATE ON \(table) FOR EACH ROW WHEN (\(condition)) EXECUTE FUNCTION rule()
        """
    }

    private static func letters(_ database: TestDatabase) async throws -> [DeadLetter] {
        let store = try database.makeStore()
        let letters = try await store.deadLetters(after: 0, status: nil, limit: 100)
        await store.close()
        return letters
    }

    @Test(
        "that refuses one customer's row sets that event aside, whatever it raises, and the others go on",
        arguments: [
            "RAISE EXCEPTION 'needs approval'", "RAISE EXCEPTION 'no' USING ERRCODE = 'ZX001'",
            "RAISE EXCEPTION 'no' USING ERRCODE = 'XX000'", "RAISE EXCEPTION 'no' USING ERRCODE = '53200'",
            "RAISE EXCEPTION 'no' USING ERRCODE = '0A000'", "RAISE EXCEPTION 'no' USING ERRCODE = '42501'",
            "PERFORM missing_function()", "INSERT INTO missing_table VALUES (1)", "PERFORM 1 / 0", "ASSERT false",
        ])
    func refusesOne(_ action: String) async throws {
        try await TestDatabase.with { database in
            try await database.run(Self.trigger(on: "users", when: "new.tenure > 72", action))
            try await Self.run([10, 80, nil, 11, 12], on: database)
            let letters = try await Self.letters(database)
            #expect(Set(letters.map(\.rejection.code)) == [.storeRefused, .invalidJSON] && letters.count == 2)
            #expect(letters.contains { $0.rejection.reason.contains("not ours") }, "\(letters.map(\.rejection.reason))")
            #expect(try await database.number("SELECT count(*) AS n FROM events") == 3)
        }
    }

    @Test("on the log of events that refuses one customer's row sets that event aside")
    func refusesOneEvent() async throws {
        try await TestDatabase.with { database in
            try await database.run(
                Self.trigger(on: "event_log", when: "new.user_id = 'c1'", "RAISE EXCEPTION 'no'"))
            try await Self.run([10, 20, 30], on: database)
            #expect(try await Self.letters(database).map(\.rejection.code) == [.storeRefused])
            #expect(try await database.number("SELECT count(*) AS n FROM events") == 2)
        }
    }

    @Test("on the dead letters stops the pipeline without ending it, until it is gone")
    func deadLetters() async throws {
        try await TestDatabase.with { database in
            try await database.run(Self.trigger(on: "dead_letters", "RAISE EXCEPTION 'frozen'"))
            try await Self.run([10, nil, 11], on: database) { health in
                try await eventually {
                    health.all.values.contains {
                        if case .failing(_, let advice) = $0 { advice.contains("refuses dead letters") } else { false }
                    }
                }
                try await database.run("DROP TRIGGER rule ON dead_letters")
            }
            #expect(try await Self.letters(database).map(\.rejection.code) == [.invalidJSON])
            #expect(try await database.number("SELECT count(*) AS n FROM events") == 2)
        }
    }
}
