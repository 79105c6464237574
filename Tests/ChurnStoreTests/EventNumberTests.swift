import ChurnCore
import Testing

@testable import ChurnStore

/// Numbers that the store gives to rows.
@Suite("Numbers", .enabled(if: TestDatabase.isThere, TestDatabase.absence))
struct EventNumberTests {
    @Test("the newest event has the greatest number, though another process draws a hundred times as fast")
    func order() async throws {
        try await TestDatabase.with { database in
            let (slow, fast) = (try database.makeStore(), try database.makeStore())
            var last: Int64 = 0
            for _ in 0..<4 {
                for _ in 0..<100 { last = max(last, try await fast.reserveEventIDs(100)) }
                try await Task.sleep(for: EventNumbers.lifetime)
                let next = try await slow.reserveEventIDs(1)
                #expect(next > last)
                last = max(last, next)
            }
            await slow.close()
            await fast.close()
        }
    }

    @Test("a stream that is first seen where the numbers of streams lie behind gets the next one above them")
    func takenStreamNumber() async throws {
        try await TestDatabase.with { database in
            let store = try database.makeStore()
            try await database.run(
                """
                INSERT INTO streams (stream_id, pipeline, cluster, topic) OVERRIDING SYSTEM VALUE
                VALUES (1, 'copied', 'c', 't')
                """)
            let stream = StreamIdentity(name: Samples.name)
            let error = await #expect(throws: ChurnError.self) {
                try await store.pin([0: 5], of: stream, partitionCount: 1)
            }
            #expect(error?.code == .numbersTaken && error?.disposition == .retry)
            let pinned = try await store.pin([0: 5], of: stream, partitionCount: 1)
            #expect(pinned.stored[0]?.nextOffset == 5)
            await store.close()
        }
    }

    @Test("a number that is taken conflicts and is raised above the table, and blames no event")
    func takenEventNumber() async throws {
        try await TestDatabase.with { database in
            let store = try database.makeStore()
            _ = try await store.importCustomers([Samples.customer("a")])
            func batch(_ offset: Int64, id: Int64) -> ScoredBatch {
                ScoredBatch(
                    ranges: [Samples.range(offset, offset + 1)],
                    events: [Samples.scored(Samples.event("a", offset: offset), id: id)])
            }
            #expect(try await store.write(batch(0, id: 500)).isWritten)
            #expect(try await store.write(batch(1, id: 500)).isConflicted)
            let next = try await store.reserveEventIDs(1)
            #expect(next > 500)
            #expect(try await store.write(batch(1, id: next)).isWritten)
            await store.close()
        }
    }

    @Test("a sequence that lies behind its table is raised, and the record becomes a dead letter all the same")
    func takenDeadLetterNumber() async throws {
        try await TestDatabase.with { database in
            let store = try database.makeStore()
            func batch(_ offset: Int64) -> ScoredBatch {
                let record = Record(
                    position: StreamPosition(partition: Samples.partition(), offset: offset), key: nil, value: nil,
                    time: Samples.time)
                return ScoredBatch(
                    ranges: [Samples.range(offset, offset + 1)],
                    rejections: [Rejection(record: record, code: .nullValue, reason: "no value")])
            }
            for offset in Int64(0)..<3 { #expect(try await store.write(batch(offset)).isWritten) }
            try await database.run("ALTER TABLE dead_letters ALTER COLUMN dead_letter_id RESTART WITH 1")
            #expect(try await store.write(batch(3)).isConflicted)
            #expect(try await store.write(batch(3)).isWritten)
            #expect(try await database.number("SELECT max(dead_letter_id) AS n FROM dead_letters") == 4)
            await store.close()
        }
    }

    @Test("streams and models that were copied without their sequences are found new numbers")
    func takenNames() async throws {
        try await TestDatabase.with { database in
            let first = try database.makeStore(pipeline: "one")
            #expect(try await first.write(ScoredBatch(ranges: [Samples.range(0, 1)])).isWritten)
            await first.close()
            try await database.run("ALTER TABLE streams ALTER COLUMN stream_id RESTART WITH 1")
            let second = try database.makeStore(pipeline: "two")
            let batch = ScoredBatch(ranges: [Samples.range(0, 1)])
            let error = await #expect(throws: ChurnError.self) { try await second.write(batch) }
            #expect(error?.code == .numbersTaken && error?.disposition == .retry)
            #expect(try await second.write(batch).isWritten)
            await second.close()
        }
    }
}
