/// Ends a wait from outside, without cancelling the task that waits.
final class Interrupts: Sendable {
    private let continuation = Locked<AsyncStream<Void>.Continuation?>(nil)

    /// Makes the signal of the next wait.
    ///
    /// An interrupt between this call and the wait is not lost.
    func arm() -> AsyncStream<Void> {
        let (signal, continuation) = AsyncStream<Void>.makeStream(bufferingPolicy: .bufferingNewest(1))
        self.continuation.withLock { $0 = continuation }
        return signal
    }

    /// Ends the wait that was armed last.
    func interrupt() { self.continuation.withLock { _ = $0?.yield() } }

    /// Runs `body`; an interrupt cancels it, and it then returns what it can.
    static func race<Result: Sendable>(
        _ signal: AsyncStream<Void>, _ body: @escaping @Sendable () async throws -> Result?
    ) async throws -> Result? {
        try await withThrowingTaskGroup(of: Result?.self) { group in
            group.addTask { try await body() }
            group.addTask {
                for await _ in signal { break }
                return nil
            }
            var result: Result?
            do {
                result = try await group.next() ?? nil
                group.cancelAll()
                while let other = try await group.next() { result = result ?? other }
            } catch is CancellationError {
                // The body was interrupted before it had anything.
            }
            return result
        }
    }
}
