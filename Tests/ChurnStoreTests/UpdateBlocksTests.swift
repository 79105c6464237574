import ChurnCore
import ChurnInsight
import Testing

@testable import ChurnStore

@Suite("Blocks of updates in PostgreSQL", .enabled(if: TestDatabase.isThere, TestDatabase.absence))
struct UpdateBlocksTests {
    private static func id(_ partition: Int, _ offset: Int) -> String { "customer \(partition) {\(offset / 2)}, \"x\"" }

    /// Events, a partition for each count and two for a customer; every third event is a duplicate without a score.
    private static func events(_ counts: [Int]) -> [ScoredEvent] {
        var id: Int64 = 0
        return counts.enumerated().flatMap { partition, count in
            (0..<count).map { offset in
                id += 1
                let event = Samples.event(
                    Self.id(partition, offset), offset: Int64(offset), partition: Int32(partition), json: "{}")
                var scored = Samples.scored(event, id: id)
                if offset % 3 == 0 { scored.prediction = nil }
                return scored
            }
        }
    }

    /// The same block with headers of its updates.
    private static func addHeaders(_ block: inout UpdateBlock) {
        var writer = HeaderWriter()
        for number in block.numbers {
            writer.append(
                UpdateHeader(
                    isAlert: number % 2 == 0, becameAtRisk: number % 3 == 0, band: RiskBand.allCases[Int(number % 4)],
                    eventType: "type \(number % 5)", customer: "c\(number)", segment: number % 7 == 0 ? nil : "é"))
        }
        block.headers = writer.column
    }

    @Test(
        "the blocks of a batch are stored each with its own updates, customers and sums, however many and large they are",
        arguments: [[4], [2, 3, 2], [2, 100, 154, 2], [300, 2]])
    func blocks(_ counts: [Int]) async throws {
        try await TestDatabase.with { database in
            let store = try database.makeStore()
            let ids = Set(
                counts.indices.flatMap { partition in (0..<counts[partition]).map { Self.id(partition, $0) } })
            let customers = ids.sorted().enumerated().map { Samples.customer($1, $0) }
            _ = try await store.importCustomers(customers)
            let read = try await store.states(for: Array(ids))
            let events = Self.events(counts)
            var blocks = counts.enumerated().map { partition, count in
                Samples.block(Array(0..<Int64(count)), previous: nil, partition: Int32(partition))
            }
            for index in blocks.indices where index % 2 == 0 { Self.addHeaders(&blocks[index]) }
            let changes = read.values.map { Samples.change(of: $0, to: 3) }.sorted { $0.state.id < $1.state.id }
            let batch = ScoredBatch(
                ranges: counts.indices.map { Samples.range(0, Int64(counts[$0]), partition: Int32($0)) },
                events: events, changes: changes, updates: blocks)
            #expect(try await store.write(batch).isWritten)
            let page = try await store.updates(after: UpdateCursor(), limit: 100)
            #expect(page.blocks == blocks && page.gaps.isEmpty)
            #expect(page.blocks[0].readHeaders()?.count == counts[0])

            let found = try await store.changes(after: UpdateCursor(), limit: 100)
            #expect(!found.hasGap && !found.hasMore)
            #expect(found.cursor.seen.count == counts.count)
            let scored = events.filter { $0.prediction != nil }
            #expect(found.scores.map(\.count).reduce(0, +) == scored.count)
            #expect(found.scores.map(\.sum).reduce(0, +) == Double(scored.count) * 0.75)
            let layout = ProjectionLayout(database.domain)
            let expected = Set(scored.map(\.event.customerID)).map { id in
                changes.first { $0.state.id == id }.map { layout.projected($0.state) }
            }
            #expect(Set(found.customers) == Set(expected.compactMap(\.self)))
            #expect(found.customers.count == expected.count)
            await store.close()
        }
    }

    @Test("a block of an older version is read, and is a gap to a projection, which has nothing of its customers")
    func oldBlocks() async throws {
        try await TestDatabase.with { database in
            let store = try database.makeStore()
            let blocks = [Samples.block([0, 1], previous: nil), Samples.block([4], previous: 1)]
            for block in blocks {
                let range = Samples.range(block.previous.map { $0 + 1 } ?? 0, block.numbers.last.map { $0 + 1 } ?? 0)
                #expect(try await store.write(ScoredBatch(ranges: [range], updates: [block])).isWritten)
            }
            try await database.run(
                """
                UPDATE update_log SET frame_index = NULL, customer_states = NULL, numbers = '{0,1}', ends = '{43,86}',
                    customers = '{a}', score_sum = 1.5, scores = 2 WHERE last_number = 1
                """)
            let page = try await store.updates(after: UpdateCursor(), limit: 100)
            #expect(page.blocks.map(\.numbers) == [[0, 1], [4]])
            #expect(page.blocks == blocks)
            let found = try await store.changes(after: UpdateCursor(), limit: 100)
            #expect(found.hasGap && found.customers.isEmpty && found.scores.map(\.count) == [2])
            await store.close()
        }
    }
}
