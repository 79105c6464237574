import ChurnCore
import Testing

@testable import ChurnStore

/// Writers that hold the same customers, keys and letters at once.
@Suite("Several writers", .enabled(if: TestDatabase.isThere, TestDatabase.absence))
struct SeveralWritersTests {
    private static let ids = (0..<200).map { "c\($0)" }

    /// A batch that writes every customer; of every second one only the score, by turns.
    private static func batch(
        _ states: [String: CustomerState], _ writer: Int32, _ round: Int
    ) -> ScoredBatch {
        let changes = Self.ids.enumerated().compactMap { index, id in
            states[id].map { Samples.change(of: $0, to: (index + round + Int(writer)) % 2 == 0 ? round : nil) }
        }
        return ScoredBatch(
            ranges: [Samples.range(Int64(round), Int64(round) + 1, partition: writer)],
            changes: changes.sorted { $0.state.id < $1.state.id })
    }

    @Test("write, score and import the same customers without a deadlock, whatever they change of them")
    func lockOrder() async throws {
        try await TestDatabase.with { database in
            let stores = try (0..<3).map { _ in try database.makeStore() }
            _ = try await stores[0].importCustomers(Self.ids.enumerated().map { Samples.customer($1, $0) })
            try await withThrowingTaskGroup(of: Void.self) { group in
                for writer in Int32(0)..<2 {
                    group.addTask {
                        for round in 0..<25 {
                            var outcome = WriteOutcome.conflicted
                            while outcome.isConflicted {
                                let states = try await stores[Int(writer)].states(for: Self.ids)
                                outcome = try await stores[Int(writer)].write(Self.batch(states, writer, round))
                            }
                            #expect(outcome.isWritten)
                        }
                    }
                }
                group.addTask {
                    for number in 0..<10 {
                        _ = try await stores[2].importCustomers(Self.ids.map { Samples.customer($0, number) })
                    }
                }
                group.addTask {
                    for round in Int64(0)..<10 {
                        let rescores = Self.ids.sorted().enumerated().map { index, id in
                            Rescore(
                                eventID: 1_000_000 + round * 1_000 + Int64(index), prediction: Samples.prediction(id),
                                time: Samples.time)
                        }
                        let page = ScoredBatch(
                            ranges: [Samples.range(round, round + 1, partition: 9)], rescores: rescores)
                        let outcome = try await stores[2].write(page)
                        #expect(outcome.isWritten)
                    }
                }
                try await group.waitForAll()
            }
            for store in stores { await store.close() }
        }
    }

    @Test("accept the same producers' ids in opposite orders without a deadlock")
    func keys() async throws {
        try await TestDatabase.with { database in
            let stores = try (0..<2).map { _ in try database.makeStore() }
            _ = try await stores[0].importCustomers([Samples.customer("a")])
            for round in Int64(0)..<20 {
                let outcomes = try await withThrowingTaskGroup(of: WriteOutcome.self) { group in
                    for writer in Int32(0)..<2 {
                        let order = (0..<50).map { writer == 0 ? $0 : 49 - $0 }
                        let events = order.enumerated().map { place, key in
                            let offset = round * 50 + Int64(place)
                            return Samples.scored(
                                Samples.event("a", offset: offset, partition: writer, source: "\(round) \(key)"),
                                id: Int64(writer + 1) * 10_000 + offset)
                        }
                        group.addTask {
                            try await stores[Int(writer)].write(
                                ScoredBatch(
                                    ranges: [Samples.range(round * 50, round * 50 + 50, partition: writer)],
                                    events: events))
                        }
                    }
                    return try await group.reduce(into: []) { $0.append($1) }
                }
                try #require(outcomes.count(where: \.isWritten) == 1)
                try #require(outcomes.count(where: \.isConflicted) == 1)
                // The one that lost goes on behind its events; the other is fenced.
                for writer in Int32(0)..<2 {
                    let to = round * 50 + 50
                    _ = try await stores[0].write(
                        ScoredBatch(ranges: [Samples.range(round * 50, to, partition: writer)]))
                }
            }
            for store in stores { await store.close() }
        }
    }
}
