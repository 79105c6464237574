import ChurnCore
import Testing

@testable import ChurnStore

/// Writes that the server refuses inside their transaction, each for one reason.
@Suite(.enabled(if: TestDatabase.isThere, TestDatabase.absence))
struct RefusedWriteTests {
    /// The fault of a batch that is right otherwise.
    enum Fault: CaseIterable {
        case beginsBelow, beginsAbove, followsNoUpdate, followsAnotherUpdate, otherEpoch, twoPartitions
        case changedFeatures, changedScore, checkedVersion, acceptedKey, appliedLetter, refusedLetter
    }

    /// Three partitions, two customers, and dead letters of which the second is done.
    private struct Scene {
        let store: PostgresStore
        var letters: [Int64] = []
        var states: [String: CustomerState] = [:]

        init(_ store: PostgresStore) async throws {
            self.store = store
            _ = try await store.importCustomers([Samples.customer("a"), Samples.customer("b")])
            let rejected = (1..<4).map { Self.rejection(0, Int64($0)) }
            let first = ScoredBatch(
                ranges: [Samples.range(0, 4), Samples.range(0, 2, partition: 1)],
                events: [
                    Samples.scored(Samples.event("a", offset: 0, source: "key 0"), id: 1),
                    Samples.scored(Samples.event("b", offset: 1, partition: 1), id: 2),
                ], rejections: rejected,
                updates: [Samples.block([0], previous: nil), Samples.block([1], previous: nil, partition: 1)])
            try #require(await store.write(first).isWritten)
            self.letters = try await store.deadLetters(after: 0, status: nil, limit: 9).map(\.id)
            try #require(self.letters.count == 3)
            let second = ScoredBatch(
                ranges: [Samples.range(0, 1, partition: 7)],
                events: [
                    Samples.scored(Samples.event("b", offset: 0, partition: 7, letter: self.letters[1]), id: 3)
                ])
            try #require(await store.write(second).isWritten)
            self.states = try await store.states(for: ["a", "b"])
        }

        private static func rejection(_ partition: Int32, _ offset: Int64, letter: Int64? = nil) -> Rejection {
            Rejection(
                record: Record(
                    position: StreamPosition(partition: Samples.partition(partition), offset: offset), key: nil,
                    value: nil, time: Samples.time),
                code: .nullValue, reason: "no value", deadLetterID: letter)
        }

        /// A batch of all that is checked, right but for the fault.
        func batch(_ fault: Fault?) throws -> ScoredBatch {
            var (a, b) = (try #require(self.states["a"]), try #require(self.states["b"]))
            if fault == .changedFeatures { a.version -= 1 }
            if fault == .changedScore || fault == .checkedVersion { b.version -= 1 }
            var second = Samples.change(of: b)
            if fault == .checkedVersion { (second.state, second.scoreChanged) = (b, false) }
            let previous: Int64? =
                switch fault {
                case .followsNoUpdate: nil
                case .followsAnotherUpdate: 3
                default: 0
                }
            return ScoredBatch(
                ranges: [
                    Samples.range(fault == .beginsBelow ? 3 : fault == .beginsAbove ? 5 : 4, 6),
                    Samples.range(
                        fault == .twoPartitions ? 1 : 2, 4, partition: 1, epoch: fault == .otherEpoch ? 5 : 0),
                    Samples.range(fault == .twoPartitions ? 0 : 1, 3, partition: 7),
                ],
                events: [
                    Samples.scored(
                        Samples.event("a", offset: 4, source: fault == .acceptedKey ? "key 0" : "key 1"), id: 4),
                    Samples.scored(Samples.event("b", offset: 2, partition: 1), id: 5),
                    Samples.scored(
                        Samples.event(
                            "b", offset: 1, partition: 7, letter: self.letters[fault == .appliedLetter ? 1 : 0]), id: 6),
                ],
                changes: [Samples.change(of: a, to: 2), second],
                rejections: [
                    Self.rejection(7, 2, letter: self.letters[fault == .refusedLetter ? 1 : 2]), Self.rejection(0, 5),
                ],
                updates: [
                    Samples.block([4], previous: previous), Samples.block([2], previous: 1, partition: 1),
                ], outcomes: [CustomerOutcome(customerID: "a", time: Samples.time, hasChurned: true)])
        }

        /// The server process of the store's only connection.
        func backend() async throws -> Int32 {
            try await self.store.pool.withConnection("ask who answers") { connection in
                try connection.run(Statement(name: "backend", sql: "SELECT pg_backend_pid()")).int32(0, 0)
            }
        }
    }

    private static func tables(_ database: TestDatabase) async throws -> [String] {
        var found: [String] = []
        for name in [
            "users", "event_log", "event_dedup", "outcomes", "dead_letters", "update_log", "stream_positions",
        ] {
            let rows = try await database.rows("SELECT t::text AS line FROM \(name) AS t ORDER BY 1")
            found += rows.compactMap { $0.first.flatMap(\.self) }.map { "\(name) \($0)" }
        }
        return found
    }

    private static func expected(_ fault: Fault) -> [StreamPartition: StoredPosition?]? {
        let first = StoredPosition(nextOffset: 4, lastUpdate: 0)
        let second = StoredPosition(nextOffset: 2, lastUpdate: 1)
        let letters = StoredPosition(nextOffset: 1)
        switch fault {
        case .beginsBelow, .beginsAbove, .followsNoUpdate, .followsAnotherUpdate:
            return [Samples.partition(): first]
        case .otherEpoch: return [Samples.partition(1, epoch: 5): nil]
        case .twoPartitions: return [Samples.partition(1): second, Samples.partition(7): letters]
        case .appliedLetter, .refusedLetter: return [Samples.partition(7): letters]
        case .changedFeatures, .changedScore, .checkedVersion, .acceptedKey: return nil
        }
    }

    @Test(
        "a batch with one fault is refused for it, writes nothing, and its connection goes on with the right one",
        arguments: Fault.allCases, [false, true])
    func refused(_ fault: Fault, failpointsAreArmed: Bool) async throws {
        try await TestDatabase.with(change: { $0.poolSize = 1 }) { database in
            let failpoints = failpointsAreArmed ? Failpoints { _ in } : .none
            let scene = try await Scene(database.makeStore(failpoints: failpoints))
            let (before, backend) = (try await Self.tables(database), try await scene.backend())
            let outcome = try await scene.store.write(scene.batch(fault))
            if let expected = Self.expected(fault) {
                #expect(outcome.fencedPositions == expected)
            } else {
                #expect(outcome.isConflicted)
            }
            #expect(try await Self.tables(database) == before)
            #expect(try await scene.store.write(scene.batch(nil)).isWritten)
            #expect(try await scene.backend() == backend)
            #expect(try await database.number("SELECT count(*) AS n FROM event_log") == 6)
            #expect(try await database.number("SELECT count(*) AS n FROM update_log") == 4)
            await scene.store.close()
        }
    }

    @Test("a batch that changes a customer whose row is gone is refused, and the other customer stays as it was")
    func deletedCustomer() async throws {
        try await TestDatabase.with { database in
            let scene = try await Scene(database.makeStore())
            for id in ["b", "a"] {
                try await database.run("DELETE FROM users WHERE customerid = '\(id)'")
                let before = try await Self.tables(database)
                #expect(try await scene.store.write(scene.batch(nil)).isConflicted)
                #expect(try await Self.tables(database) == before)
            }
            await scene.store.close()
        }
    }

    @Test("a batch of a stream that the database does not know any more is refused, and the next finds its new number")
    func unknownStream() async throws {
        try await TestDatabase.with { database in
            let scene = try await Scene(database.makeStore())
            try await database.run("DELETE FROM streams; DELETE FROM stream_positions; DELETE FROM update_log")
            let outcome = try await scene.store.write(scene.batch(nil))
            #expect(
                outcome.fencedPositions
                    == [Samples.partition(): nil, Samples.partition(1): nil, Samples.partition(7): nil])
            #expect(try await scene.store.write(ScoredBatch(ranges: [Samples.range(4, 6)])).isWritten)
            await scene.store.close()
        }
    }

    @Test("a batch whose partitions came to stand where it begins, before it was checked which did not, is written")
    func movedMeanwhile() async throws {
        try await TestDatabase.with(change: { $0.poolSize = 1 }) { database in
            let scene = try await Scene(database.makeStore())
            // The first fence of the write finds no row that it may change. A sequence does not roll back.
            try await database.run(
                """
                CREATE SEQUENCE fences;
                CREATE FUNCTION stop_once() RETURNS trigger LANGUAGE plpgsql AS $$
                BEGIN
                    IF nextval('fences') = 1 THEN RETURN NULL; END IF;
                    RETURN NEW;
                END $$;
                CREATE TRIGGER stop_once BEFORE UPDATE ON stream_positions
                FOR EACH ROW EXECUTE FUNCTION stop_once();
                """)
            #expect(try await scene.store.write(scene.batch(nil)).isWritten)
            #expect(try await scene.store.states(for: ["a"])["a"]?.features == Samples.features(2))
            let stored = try await scene.store.positions(of: Samples.name, partitions: [0, 1, 7]).stored
            #expect(stored.mapValues(\.nextOffset) == [0: 6, 1: 4, 7: 3])
            #expect(try await database.number("SELECT last_value AS n FROM fences") == 6)
            await scene.store.close()
        }
    }

    @Test("a connection that breaks while the statements run leaves the outcome unknown, and writing again settles it")
    func brokenMeanwhile() async throws {
        try await TestDatabase.with(change: { $0.applicationName = "broken-\($0.schema)" }) { database in
            let scene = try await Scene(database.makeStore())
            let batch = try scene.batch(nil)
            let error = await #expect(throws: ChurnError.self) {
                try await withThrowingTaskGroup(of: Void.self) { group in
                    let (isLocked, isReleased) = (Flag(false), Flag(false))
                    group.addTask {
                        try await database.pool.withConnection("hold a customer") { connection in
                            try connection.run("BEGIN; SELECT FROM users WHERE customerid = 'a' FOR UPDATE")
                            isLocked.set()
                            try await eventually { isReleased.isSet }
                        }
                    }
                    try await eventually { isLocked.isSet }
                    group.addTask {
                        defer { isReleased.set() }
                        try await eventually {
                            try await database.number(
                                """
                                SELECT count(pg_terminate_backend(pid)) AS n FROM pg_stat_activity
                                WHERE application_name = '\(database.configuration.applicationName)'
                                    AND wait_event_type = 'Lock'
                                """) == 1
                        }
                    }
                    group.addTask { _ = try await scene.store.write(batch) }
                    try await group.waitForAll()
                }
            }
            #expect(
                error?.code == .commitOutcomeUnknown && error?.disposition == .retry, "\(String(reflecting: error))")
            let again = try await scene.store.write(batch)
            #expect(again.isWritten, "\(again)")
            #expect(try await database.number("SELECT count(*) AS n FROM event_log") == 6)
            await scene.store.close()
        }
    }
}
