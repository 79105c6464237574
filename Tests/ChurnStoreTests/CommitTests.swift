import ChurnCore
import Testing

@testable import ChurnStore

@Suite(.enabled(if: TestDatabase.isThere, TestDatabase.absence))
struct CommitTests {
    private struct Stop: Error {}

    private static func batch(_ from: Int64, _ to: Int64, of state: CustomerState, id: Int64) -> ScoredBatch {
        let change = Samples.change(of: state, to: Int(to))
        return ScoredBatch(
            ranges: [Samples.range(from, to)],
            events: [Samples.scored(Samples.event(state.id, offset: from), id: id, version: change.state.version)],
            changes: [change], updates: [Samples.block([from], previous: from == 0 ? nil : from - 1)])
    }

    @Test("a connection that breaks at COMMIT leaves the outcome unknown, and writing again shows: not written")
    func unknownAndNotWritten() async throws {
        try await TestDatabase.with(change: { $0.applicationName = "commit-\($0.schema)" }) { database in
            let isArmed = Flag(true)
            let failpoints = Failpoints { point in
                guard point == .beforeCommit, isArmed.take() else { return }
                _ = try await database.number(
                    """
                    SELECT count(pg_terminate_backend(pid)) AS n FROM pg_stat_activity
                    WHERE application_name = '\(database.configuration.applicationName)' AND state <> 'idle'
                    """)
            }
            let store = try database.makeStore(failpoints: failpoints)
            _ = try await store.importCustomers([Samples.customer("a")])
            let state = try #require(try await store.states(for: ["a"])["a"])
            let batch = Self.batch(0, 1, of: state, id: try await store.reserveEventIDs(1))
            let error = await #expect(throws: ChurnError.self) { try await store.write(batch) }
            #expect(error?.code == .commitOutcomeUnknown && error?.disposition == .retry)
            #expect(try await store.positions(of: Samples.name, partitions: [0]).stored.isEmpty)
            #expect(try await store.write(batch).isWritten)
            #expect(try await database.number("SELECT count(*) AS n FROM events") == 1)
            await store.close()
        }
    }

    @Test("a batch that was written and not heard of is fenced when it is written again")
    func unknownAndWritten() async throws {
        try await TestDatabase.with { database in
            let isArmed = Flag(true)
            let store = try database.makeStore(
                failpoints: Failpoints { point in if point == .afterCommit, isArmed.take() { throw Stop() } })
            _ = try await store.importCustomers([Samples.customer("a")])
            let state = try #require(try await store.states(for: ["a"])["a"])
            let batch = Self.batch(0, 1, of: state, id: try await store.reserveEventIDs(1))
            await #expect(throws: Stop.self) { try await store.write(batch) }
            let fenced = try await store.write(batch).fencedPositions
            #expect(fenced == [Samples.partition(): StoredPosition(nextOffset: 1, lastUpdate: 0)])
            #expect(try await database.number("SELECT count(*) AS n FROM predictions") == 1)
            await store.close()
        }
    }

    @Test("a write that stops before COMMIT leaves nothing behind, under locks too")
    func beforeCommit() async throws {
        try await TestDatabase.with { database in
            let store = try database.makeStore(
                failpoints: Failpoints { point in if point == .beforeCommit { throw Stop() } })
            _ = try await store.importCustomers([Samples.customer("a")])
            let state = try #require(try await store.states(for: ["a"])["a"])
            await #expect(throws: Stop.self) { try await store.write(Self.batch(0, 1, of: state, id: 1)) }
            await #expect(throws: Stop.self) {
                try await store.write(ranges: [Samples.range(0, 1)], customers: ["a"], keys: []) { locked in
                    Self.batch(0, 1, of: locked.states["a"] ?? state, id: 1)
                }
            }
            #expect(try await store.states(for: ["a"])["a"] == state)
            #expect(try await store.positions(of: Samples.name, partitions: [0]).stored.isEmpty)
            #expect(try await database.number("SELECT count(*) AS n FROM event_log") == 0)
            await store.close()
        }
    }

    @Test("of many first writers of a partition one wins and the others are fenced")
    func firstWriters() async throws {
        try await TestDatabase.with { database in
            let stores = try (0..<4).map { _ in try database.makeStore() }
            for partition in Int32(0)..<10 {
                let outcomes = try await withThrowingTaskGroup(of: WriteOutcome.self) { group in
                    for (index, store) in stores.enumerated() {
                        let range = Samples.range(Int64(index), 10, partition: partition)
                        group.addTask { try await store.write(ScoredBatch(ranges: [range])) }
                    }
                    return try await group.reduce(into: []) { $0.append($1) }
                }
                #expect(outcomes.count(where: \.isWritten) == 1)
                #expect(outcomes.count { $0.fencedPositions?.values.first == StoredPosition(nextOffset: 10) } == 3)
            }
            for store in stores { await store.close() }
        }
    }

    @Test("a new epoch waits for the write that is under way and fences the next, in partitions without a row too")
    func newEpoch() async throws {
        try await TestDatabase.with { database in
            let (reached, released) = (Flag(false), Flag(false))
            let slow = try database.makeStore(
                failpoints: Failpoints { point in
                    guard point == .beforeCommit else { return }
                    reached.set()
                    try await eventually { released.isSet }
                })
            let store = try database.makeStore()
            async let writing = slow.write(ScoredBatch(ranges: [Samples.range(0, 5)]))
            try await eventually { reached.isSet }
            async let resetting = store.offsets.reset(stream: Samples.name, to: [0: 100])
            try await eventually {
                try await database.number("SELECT count(*) AS n FROM pg_locks WHERE NOT granted") > 0
            }
            released.set()
            #expect(try await writing.isWritten)
            #expect(try await resetting.epoch == 1)
            let fenced = try await store.write(
                ScoredBatch(ranges: [Samples.range(5, 6), Samples.range(0, 1, partition: 9)]))
            #expect(fenced.fencedPositions == [Samples.partition(): nil, Samples.partition(9): nil])
            #expect(try await store.write(ScoredBatch(ranges: [Samples.range(100, 101, epoch: 1)])).isWritten)
            let shown = try await store.offsets.show()
            #expect(shown.map(\.isCurrent) == [false, true])
            #expect(shown.map(\.position.nextOffset) == [5, 101])
            await slow.close()
            await store.close()
        }
    }

    @Test("two pipelines over one stream each have their own progress, updates and dead letters")
    func pipelines() async throws {
        try await TestDatabase.with { database in
            let (one, two) = (try database.makeStore(pipeline: "one"), try database.makeStore(pipeline: "two"))
            let record = Record(
                position: StreamPosition(partition: Samples.partition(), offset: 0), key: nil, value: nil,
                time: Samples.time)
            let batch = ScoredBatch(
                ranges: [Samples.range(0, 1)],
                rejections: [Rejection(record: record, code: .nullValue, reason: "no value")],
                updates: [Samples.block([0], previous: nil)])
            #expect(try await one.write(batch).isWritten)
            #expect(try await two.positions(of: Samples.name, partitions: [0]).stored.isEmpty)
            #expect(try await two.updates(after: UpdateCursor(), limit: 9).blocks.isEmpty)
            #expect(try await two.deadLetters(after: 0, status: nil, limit: 9).isEmpty)
            #expect(try await two.write(batch).isWritten)
            await one.close()
            await two.close()
        }
    }
}

@Suite(.enabled(if: TestDatabase.isThere, TestDatabase.absence))
struct UpdateChainTests {
    @Test("updates that a fold makes must follow the partition's last one too")
    func lockedChain() async throws {
        try await TestDatabase.with { database in
            let store = try database.makeStore()
            @Sendable func batch(_ from: Int64, previous: Int64?, partition: Int32 = 0) -> ScoredBatch {
                ScoredBatch(
                    ranges: [Samples.range(from, from + 1, partition: partition)],
                    updates: [Samples.block([from], previous: previous, partition: partition)])
            }
            func locked(_ batch: ScoredBatch) async throws -> WriteOutcome {
                try await store.write(ranges: batch.ranges, customers: [], keys: []) { _ in batch }
            }
            #expect(try await locked(batch(0, previous: nil)).isWritten)
            let stand = StoredPosition(nextOffset: 1, lastUpdate: 0)
            for previous in [nil, 7] as [Int64?] {
                let outcome = try await locked(batch(1, previous: previous))
                #expect(outcome.fencedPositions == [Samples.partition(): stand])
            }
            let unknown = try await locked(batch(4, previous: 3, partition: 1))
            #expect(unknown.fencedPositions == [Samples.partition(1): nil])
            #expect(try await locked(batch(1, previous: 0)).isWritten)
            await store.close()
        }
    }
}
