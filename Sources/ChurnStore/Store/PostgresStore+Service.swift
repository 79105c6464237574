public import ServiceLifecycle

extension PostgresStore: Service {
    /// Keeps the connections until the group stops, and then closes them.
    ///
    /// A group ends its services in reverse, so that a store goes before those that use it. Outside a group,
    /// ``close()`` does the same: the store has no task of its own and works without being run.
    public func run() async throws {
        // It throws when the task is cancelled, which is another way to stop.
        try? await gracefulShutdown()
        await self.close()
    }
}
