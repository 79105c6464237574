import ChurnCore
import Logging
import ServiceLifecycle
import Testing

@testable import ChurnStore

@Suite(.enabled(if: TestDatabase.isThere, TestDatabase.absence))
struct ServiceTests {
    /// Asks the store once more when the group stops.
    private struct User: Service {
        let store: PostgresStore

        func run() async throws {
            try? await gracefulShutdown()
            try await self.store.ping()
        }
    }

    /// Ends the group that it is part of.
    private struct Brief: Service {
        func run() async {}
    }

    @Test("in a group, a store is there until its users have stopped, and closed then")
    func closesLast() async throws {
        try await TestDatabase.with(isMigrated: false) { database in
            let store = try database.makeStore()
            let services = [
                ServiceGroupConfiguration.ServiceConfiguration(service: store), .init(service: User(store: store)),
                .init(service: Brief(), successTerminationBehavior: .gracefullyShutdownGroup),
            ]
            try await ServiceGroup(configuration: .init(services: services, logger: TestDatabase.logger)).run()
            await #expect(throws: ChurnError.self) { try await store.ping() }
        }
    }
}
