import ChurnStore

extension Deployment {
    /// Runs `body` with the store, which is closed afterwards whatever happens.
    func withStore<Result>(_ body: (PostgresStore) async throws -> Result) async throws -> Result {
        let store = try self.store()
        return try await closing(body, with: store) { await store.close() }
    }

    /// Runs `body` with what makes and checks the tables, which is closed afterwards whatever happens.
    func withMigrator<Result>(_ body: (Migrator) async throws -> Result) async throws -> Result {
        let migrator = try Migrator(self.postgres(), domain: self.domain, logger: self.logger)
        return try await closing(body, with: migrator) { await migrator.close() }
    }
}

/// Runs `body` with something that is closed afterwards, whatever happens.
func closing<Resource, Result>(
    _ body: (Resource) async throws -> Result, with resource: Resource, close: () async -> Void
) async throws -> Result {
    do {
        let result = try await body(resource)
        await close()
        return result
    } catch {
        await close()
        throw error
    }
}
