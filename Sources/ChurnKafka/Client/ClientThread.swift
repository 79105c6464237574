import ChurnCore

/// Threads of our own for C calls that block, so that none blocks Swift's cooperative pool.
enum ClientThread {
    /// Runs one blocking call on a thread of its own and waits for it without blocking the caller's.
    ///
    /// The call must be bounded in time, since cancelling the task does not end it.
    static func run<Result: Sendable>(
        named name: String, _ body: @escaping @Sendable () throws -> Result
    ) async throws -> Result {
        try await withCheckedThrowingContinuation { continuation in
            NamedThread.start(name) {
                continuation.resume(with: Swift.Result(catching: body))
            }
        }
    }
}
