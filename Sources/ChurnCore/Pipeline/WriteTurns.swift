/// Takes turns with the other processes that change the same customers.
struct WriteTurns: Sendable {
    /// The time for which a turn that its holder does not give back keeps others waiting.
    static let lease: Duration = .seconds(5)
    /// The longest wait for a turn before going on without one.
    static let patience: Duration = .seconds(10)
    static let pause: Duration = .milliseconds(5)

    let storage: PipelineStorage
    let retry: InfrastructureRetry
    let holder = String(UInt64.random(in: .min ... .max), radix: 16)

    /// Waits for a turn; returns whether there was one to be had.
    func take() async throws -> Bool {
        guard case .transactional(let store) = self.storage else { return false }
        // Longer than the others' pauses, since this process may have given its turn back just now.
        var (pause, waited) = (Self.pause * 3, Duration.zero)
        while waited < Self.patience, !self.retry.stopping.isSet {
            try await self.retry.clock.sleep(for: pause)
            waited += pause
            pause = Self.pause
            if try await self.retry.run(
                .write, repeating: "The store refuses a turn.",
                { try await store.claimTurn(self.holder, for: Self.lease) })
            {
                return true
            }
        }
        return false
    }

    /// Gives the turn back.
    func end() async {
        // What fails here ends with the lease.
        if case .transactional(let store) = self.storage { try? await store.endTurn(self.holder) }
    }
}
