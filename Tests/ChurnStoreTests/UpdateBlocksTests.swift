import ChurnCore
import Testing

@testable import ChurnStore

@Suite(.enabled(if: TestDatabase.isThere, TestDatabase.absence))
struct UpdateBlocksTests {
    /// Events of a customer each, a partition for each count; every third event is a duplicate without a score.
    private static func events(_ counts: [Int]) -> [ScoredEvent] {
        var id: Int64 = 0
        return counts.enumerated().flatMap { partition, count in
            (0..<count).map { offset in
                id += 1
                let event = Samples.event(
                    "customer \(partition) {\(offset / 2)}, \"x\"", offset: Int64(offset), partition: Int32(partition),
                    json: "{}")
                var scored = Samples.scored(event, id: id)
                if offset % 3 == 0 { scored.prediction = nil }
                return scored
            }
        }
    }

    @Test(
        "the blocks of a batch are stored each with its own updates, customers and sums, however many and large they are",
        arguments: [[4], [2, 3, 1], [1, 100, 154, 1], [1, 100, 155, 1], [300, 2]])
    func blocks(_ counts: [Int]) async throws {
        try await TestDatabase.with { database in
            let store = try database.makeStore()
            let events = Self.events(counts)
            let blocks = counts.enumerated().map { partition, count in
                Samples.block(Array(0..<Int64(count)), previous: nil, partition: Int32(partition))
            }
            let batch = ScoredBatch(
                ranges: counts.indices.map { Samples.range(0, Int64(counts[$0]), partition: Int32($0)) },
                events: events, updates: blocks)
            #expect(try await store.write(batch).isWritten)
            let page = try await store.updates(after: UpdateCursor(), limit: 100)
            #expect(page.blocks == blocks && page.gaps.isEmpty)
            let rows = try await database.rows(
                """
                SELECT array_to_string(ARRAY(SELECT unnest(customers) ORDER BY 1), '|') AS customers, first_number,
                    last_number, scores, score_sum
                FROM update_log ORDER BY partition
                """)
            #expect(
                rows
                    == counts.indices.map { partition in
                        let scored = events.filter {
                            $0.event.position.partition.partition == Int32(partition) && $0.prediction != nil
                        }
                        let customers = Set(scored.map(\.event.customerID)).sorted().joined(separator: "|")
                        let sum = Double(scored.count) * 0.75
                        return [
                            customers, "0", "\(counts[partition] - 1)",
                            sum == sum.rounded() ? "\(Int(sum))" : "\(sum)", "\(scored.count)",
                        ]
                    })
            await store.close()
        }
    }
}
