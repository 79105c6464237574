import ChurnCore
import Testing

@testable import ChurnStore

@Suite(.enabled(if: TestDatabase.isThere, TestDatabase.absence))
struct WriterConnectionTests {
    /// Keeps a connection until the gate is left.
    private static func hold(_ pool: PostgresPool, _ use: PostgresPool.Use, until gate: Gate, started: Flag) -> Task<
        Void, any Error
    > {
        Task {
            try await pool.withConnection("hold a connection", for: use) { _ in
                started.set()
                await gate.enter()
            }
        }
    }

    @Test("while all readers are busy and others wait, a writer has a connection at once", arguments: [2, 4])
    func writerIsNotKeptWaiting(_ size: Int) async throws {
        try await TestDatabase.with(isMigrated: false, change: { $0.poolSize = size }) { database in
            let store = try database.makeStore()
            let (gate, started) = (Gate(places: 0), (0..<size).map { _ in Flag(false) })
            // One reader more than there may be: it waits for the others.
            let readers = started.map { Self.hold(store.pool, .reading, until: gate, started: $0) }
            try await eventually { started.count { $0.isSet } == size - 1 }
            // No reader gives its connection back before this: a writer that waited for one would run out of patience.
            try await store.writer.withConnection("write") { try $0.run("SELECT 1") }
            #expect(started.count { $0.isSet } == size - 1, "no reader may take the writer's connection")
            for _ in readers { gate.leave() }
            for reader in readers { try await reader.value }
            #expect(started.count { $0.isSet } == size, "a reader that waited has its turn")
            await store.close()
        }
    }

    @Test("a store that only answers questions gives all its connections to readers")
    func withoutWriter() async throws {
        try await TestDatabase.with(isMigrated: false, change: { ($0.poolSize, $0.reservesWriter) = (2, false) }) {
            database in
            let pool = try PostgresPool(database.configuration, logger: TestDatabase.logger)
            let (gate, started) = (Gate(places: 0), (0..<2).map { _ in Flag(false) })
            let readers = started.map { Self.hold(pool, .reading, until: gate, started: $0) }
            try await eventually { started.count { $0.isSet } == 2 }
            for _ in readers { gate.leave() }
            for reader in readers { try await reader.value }
            await pool.close()
        }
    }

    @Test("a pool of one connection is shared, and a writer that waits goes before readers that came first")
    func poolOfOne() async throws {
        try await TestDatabase.with(isMigrated: false, change: { $0.poolSize = 1 }) { database in
            let pool = try PostgresPool(database.configuration, logger: TestDatabase.logger)
            let (gate, started) = (Gate(places: 0), (0..<3).map { _ in Flag(false) })
            let first = Self.hold(pool, .reading, until: gate, started: started[0])
            try await eventually { started[0].isSet }
            let reader = Self.hold(pool, .reading, until: gate, started: started[1])
            try await Task.sleep(for: .milliseconds(100))
            let writer = Self.hold(pool, .writing, until: gate, started: started[2])
            try await Task.sleep(for: .milliseconds(100))
            gate.leave()
            try await first.value
            try await eventually { started[2].isSet }
            #expect(!started[1].isSet)
            for _ in 0..<2 { gate.leave() }
            for task in [reader, writer] { try await task.value }
            await pool.close()
        }
    }
}
