/// Repeats a job's calls of the infrastructure, so that the job goes on where it stood after a conflict with another
/// writer or a moment without the store.
///
/// A job is started by a person, so unlike the pipeline it gives up after a while.
package struct JobRetry: Sendable {
    private let backoff: Backoff
    private let patience: Duration
    private let clock: any Clock<Duration>

    /// - Parameter patience: how long one call may go on failing.
    package init(
        backoff: Backoff = Backoff(initial: .milliseconds(20)), patience: Duration = .seconds(120),
        clock: any Clock<Duration> = ContinuousClock()
    ) {
        self.backoff = backoff
        self.patience = patience
        self.clock = clock
    }

    /// Runs `body` until it succeeds.
    ///
    /// - Throws: errors that are not `retry` at once, and the last one of those that are once `patience` is over.
    package func run<Result: Sendable>(_ body: @Sendable () async throws -> Result) async throws -> Result {
        var (failures, waited) = (0, Duration.zero)
        while true {
            do {
                return try await body()
            } catch let error where error.failureDisposition == .retry && !(error is CancellationError) {
                failures += 1
                let delay = self.backoff.delay(after: failures)
                waited += delay
                guard waited < self.patience else { throw error }
                try await self.clock.sleep(for: delay)
            }
        }
    }
}
