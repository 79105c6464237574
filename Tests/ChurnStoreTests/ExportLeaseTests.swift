import ChurnCore
import Testing

@testable import ChurnStore

@Suite("The progress of exports in PostgreSQL", .enabled(if: TestDatabase.isThere, TestDatabase.absence))
struct ExportLeaseTests {
    @Test("of processes that want an export one has it, until it gives it up or says nothing for too long")
    func lease() async throws {
        try await TestDatabase.with { database in
            let store = try database.makeStore()
            let won = try await withThrowingTaskGroup(of: Bool.self) { group in
                for holder in 0..<8 {
                    group.addTask { try await store.claimExport("x", holder: "\(holder)", for: .seconds(600)) }
                }
                return try await group.reduce(0) { $0 + ($1 ? 1 : 0) }
            }
            #expect(won == 1)
            let winner = try #require(
                try await database.rows("SELECT holder FROM export_leases").first?.first.flatMap(\.self))
            #expect(try await store.claimExport("x", holder: winner, for: .seconds(600)))
            #expect(try await !store.claimExport("x", holder: "other", for: .seconds(600)))
            #expect(try await store.claimExport("y", holder: "other", for: .seconds(600)))
            let elsewhere = try database.makeStore(pipeline: "another")
            #expect(try await elsewhere.claimExport("x", holder: "other", for: .seconds(600)))
            await elsewhere.close()
            // Only its holder can give it up.
            try await store.releaseExport("x", holder: "other")
            #expect(try await !store.claimExport("x", holder: "other", for: .seconds(600)))
            try await store.releaseExport("x", holder: winner)
            #expect(try await store.claimExport("x", holder: "other", for: .milliseconds(1)))
            // It died: what it held runs out.
            try await Task.sleep(for: .milliseconds(20))
            #expect(try await store.claimExport("x", holder: "third", for: .seconds(600)))
            #expect(try await !store.claimExport("x", holder: "other", for: .seconds(600)))
            await store.close()
        }
    }

    @Test("a position moves only from where it stands")
    func moves() async throws {
        try await TestDatabase.with { database in
            let store = try database.makeStore()
            #expect(try await store.exportPosition("x") == nil)
            #expect(try await !store.moveExport("x", from: "1", to: "2"))
            #expect(try await store.moveExport("x", from: nil, to: "5"))
            #expect(try await !store.moveExport("x", from: nil, to: "6"))
            #expect(try await store.moveExport("x", from: "5", to: "9"))
            #expect(try await !store.moveExport("x", from: "5", to: "7"))
            #expect(try await store.exportPosition("x") == "9")
            await store.close()
        }
    }

    @Test("a webhook's cursor may be of any length, and one that cannot be read is an error and not the beginning")
    func cursors() async throws {
        try await TestDatabase.with { database in
            let store = try database.makeStore()
            var cursor = UpdateCursor()
            for partition in Int32(0)..<4_000 { cursor.seen[Samples.partition(partition)] = 1 << 40 }
            #expect(try await store.addDeliveries([], to: "w", from: nil, to: cursor))
            #expect(try await store.deliveryCursor(of: "w") == cursor)
            var next = cursor
            next.seen[Samples.partition(7)] = 1 << 41
            #expect(try await store.addDeliveries([], to: "w", from: cursor, to: next))
            #expect(try await store.deliveryCursor(of: "w") == next)
            try await database.run("UPDATE export_progress SET position = left(position, 100)")
            await #expect(throws: ChurnError.self) { _ = try await store.deliveryCursor(of: "w") }
            await store.close()
        }
    }
}
