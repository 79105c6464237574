import ChurnCore
import Testing

@testable import ChurnStore

@Suite(.enabled(if: TestDatabase.isThere, TestDatabase.absence))
struct StoredDataTests {
    @Test(
        "data that PostgreSQL refuses is a rejection that quotes nothing, and nothing is written",
        arguments: [
            Samples.event("a", offset: 0, json: #"{"canary-4711": "\u0000"}"#),
            Samples.event("a", offset: 0, json: #"{"canary-4711": "\ud800"}"#),
            Samples.event("a", offset: 0, json: "{canary-4711"),
            Samples.event("canary-4711\0", offset: 0),
            Samples.event("a", offset: 0, source: "canary-4711\0"),
            Samples.event("a", offset: 0).at(Timestamp(microseconds: Int64.min)),
            Samples.event("a", offset: 0).at(Timestamp(microseconds: -210_866_803_200_000_001)),
        ])
    func refusedData(_ event: CustomerEvent) async throws {
        try await TestDatabase.with { database in
            let store = try database.makeStore()
            _ = try await store.importCustomers([Samples.customer("a")])
            let state = try #require(try await store.states(for: ["a"])["a"])
            let batch = ScoredBatch(
                ranges: [Samples.range(0, 1)], events: [Samples.scored(event, id: 1)],
                changes: [Samples.change(of: state, to: 2)], updates: [Samples.block([0], previous: nil)])
            let error = await #expect(throws: ChurnError.self) { try await store.write(batch) }
            #expect(error?.code == .dataRefused && error?.disposition == .reject)
            #expect(!String(reflecting: error).contains("canary"))
            #expect(try await store.states(for: ["a"])["a"] == state)
            #expect(try await store.positions(of: Samples.name, partitions: [0]).stored.isEmpty)
            await store.close()
        }
    }

    @Test("an error of a constraint names the constraint and the table and quotes no row")
    func constraint() async throws {
        try await TestDatabase.with { database in
            let store = try database.makeStore()
            _ = try await store.importCustomers([Samples.customer("canary-4711")])
            // A rule of another program's, on the input's own values.
            try await database.run("CREATE UNIQUE INDEX one_event_each ON event_log_first (user_id)")
            for from in Int64(0)..<2 {
                let batch = ScoredBatch(
                    ranges: [Samples.range(from, from + 1)],
                    events: [Samples.scored(Samples.event("canary-4711", offset: from), id: from + 1)])
                if from == 0 {
                    #expect(try await store.write(batch).isWritten)
                } else {
                    let error = await #expect(throws: ChurnError.self) { try await store.write(batch) }
                    #expect(error?.disposition == .reject)
                    #expect(error?.advice.contains("23505") == true)
                    #expect(error?.advice.contains("one_event_each") == true)
                    #expect(!String(reflecting: error).contains("canary"))
                }
            }
            await store.close()
        }
    }

    @Test("extreme and missing values come back as they were stored")
    func extremes() async throws {
        try await TestDatabase.with { database in
            let store = try database.makeStore()
            let numbers: [Double] = [0, -0.0, .greatestFiniteMagnitude, .leastNonzeroMagnitude, -1e-300, 0.1]
            let texts = ["", " ", "it's \"quoted\" \\ {a,b} NULL", "日本語 🎉", String(repeating: "x", count: 10_000)]
            var states = (0..<30).map { index in
                var state = Samples.customer("c\(100 + index)")
                for (feature, description) in TestDatabase.telcoFeatures {
                    state.features[feature] =
                        switch description {
                        case .numeric: .number(numbers[(index + feature) % numbers.count])
                        default: .text(texts[(index + feature) % texts.count])
                        }
                }
                return state
            }
            let nothing = [FeatureValue](repeating: .missing, count: TestDatabase.telcoFeatures.count)
            states.append(CustomerState(id: "nothing", features: nothing))
            #expect(try await store.importCustomers(states) == states.count)
            let times = [-210_866_803_200_000_000, -62_135_596_800_000_000, -1, 0, 253_402_300_799_999_999, Int64.max]
            let changes = states.enumerated().map { index, state in
                var next = state
                next.version = index % 2 == 0 ? Int64.max : 1
                let time = Timestamp(microseconds: times[index % times.count])
                next.latest = LatestScore(probability: numbers[2 + index % 3], band: .critical, time: time)
                next.alert = AlertState(isAtRisk: index % 2 == 0, lastAlert: index % 3 == 0 ? nil : time)
                return StateChange(state: next, readVersion: 0, featuresChanged: true)
            }
            #expect(try await store.write(ScoredBatch(ranges: [Samples.range(0, 1)], changes: changes)).isWritten)
            let found = try await store.states(for: states.map(\.id))
            for change in changes { #expect(found[change.state.id] == change.state) }
            await store.close()
        }
    }

    @Test("an id that no row can have is unknown and not an error")
    func impossibleIDs() async throws {
        try await TestDatabase.with { database in
            let store = try database.makeStore()
            #expect(try await store.states(for: ["a\0b", ""]).isEmpty)
            #expect(try await store.customer(id: "a\0b", recentEvents: 1) == nil)
            #expect(try await store.accepted([SourceEventKey(customerID: "a\0", sourceEventID: "\0")]).isEmpty)
            await store.close()
        }
    }

    @Test("a dead letter is kept whatever its time, its reason and its headers hold")
    func awkwardDeadLetter() async throws {
        try await TestDatabase.with { database in
            let store = try database.makeStore()
            let record = Record(
                position: StreamPosition(partition: Samples.partition(), offset: 7), key: [0], value: [0, 255],
                headers: [RecordHeader(name: "a\0b", value: nil)], time: Timestamp(microseconds: Int64.min))
            let rejection = Rejection(record: record, code: .unknownFeature, reason: "changes names a\0b")
            #expect(
                try await store.write(ScoredBatch(ranges: [Samples.range(7, 8)], rejections: [rejection])).isWritten)
            let letter = try #require(try await store.deadLetters(after: 0, status: .open, limit: 1).first)
            #expect(letter.rejection.record.value == [0, 255])
            #expect(letter.rejection.reason == "changes names a\u{FFFD}b")
            await store.close()
        }
    }

    @Test("a dead letter that is no longer open fences the stream that sends it again")
    func closedLetter() async throws {
        try await TestDatabase.with { database in
            let store = try database.makeStore()
            _ = try await store.importCustomers([Samples.customer("a")])
            let record = Record(
                position: StreamPosition(partition: Samples.partition(), offset: 0), key: nil, value: [1],
                time: Samples.time)
            let rejection = Rejection(record: record, code: .invalidJSON, reason: "not JSON")
            _ = try await store.write(ScoredBatch(ranges: [Samples.range(0, 1)], rejections: [rejection]))
            let letter = try #require(try await store.deadLetters(after: 0, status: .open, limit: 1).first)
            let id = letter.id
            @Sendable func again(_ from: Int64) -> ScoredBatch {
                ScoredBatch(
                    ranges: [Samples.range(from, from + 1, partition: 5)],
                    events: [
                        Samples.scored(
                            Samples.event("a", offset: from, partition: 5, letter: id), id: 10 + from)
                    ])
            }
            #expect(try await store.write(again(0)).isWritten)
            let fenced = [Samples.partition(5): StoredPosition(nextOffset: 1)]
            #expect(try await store.write(again(1)).fencedPositions == fenced)
            let locked = try await store.write(ranges: again(1).ranges, customers: ["a"], keys: []) { _ in again(1) }
            #expect(locked.fencedPositions == fenced)
            #expect(try await database.number("SELECT count(*) AS n FROM events") == 1)
            await store.close()
        }
    }
}

extension TestDatabase {
    static let telcoFeatures = Domain.telco.schema.features.map(\.type).enumerated().map { ($0.offset, $0.element) }
}

extension CustomerEvent {
    fileprivate func at(_ time: Timestamp) -> CustomerEvent {
        var event = self
        event.time = time
        return event
    }
}
