import Logging

/// Repeats calls of the infrastructure indefinitely, with capped back-off, and says on the health board that it does.
struct InfrastructureRetry: Sendable {
    let backoff: Backoff
    let clock: any Clock<Duration>
    let health: HealthBoard
    let healthName: String
    let metrics: PipelineMetrics
    let logger: Logger
    let stopping: StopFlag

    /// Runs `body` until it succeeds.
    ///
    /// - Parameter refusals: says why no event is at fault where the store refuses data; refusals are repeated then too.
    /// - Throws: errors that are no outage at once; `CancellationError` when the task is cancelled, or when the
    ///   pipeline is to stop and the call has failed (what was not written will be delivered again).
    func run<Result: Sendable>(
        _ stage: PipelineMetrics.Stage, repeating refusals: String? = nil,
        _ body: @Sendable () async throws -> Result
    ) async throws -> Result {
        var failures = 0
        while true {
            do {
                let result = try await body()
                if failures > 0 { self.health.report(self.component(stage), .healthy) }
                return result
            } catch let error where Self.isRepeated(error, refusals != nil) {
                failures += 1
                self.metrics.retried(stage, error)
                self.report(stage, error, failures, refusals)
                if self.stopping.isSet { throw CancellationError() }
                try await self.clock.sleep(for: self.backoff.delay(after: failures))
            }
        }
    }

    private static func isRepeated(_ error: any Error, _ repeatsRefusals: Bool) -> Bool {
        if error is CancellationError { return false }
        if error.isOutage { return true }
        return repeatsRefusals && error.failureDisposition == .reject
            && (error as? ChurnError)?.code != .predictionFailed
    }

    /// Shows every stage: each of them can fail.
    func begin() {
        self.health.report(self.healthName, .healthy)
        for stage in PipelineMetrics.Stage.allCases where self.health.all[self.component(stage)] == nil {
            self.health.report(self.component(stage), .healthy)
        }
    }

    /// Takes everything that the pipeline reported off the health board.
    func clear() {
        self.health.remove(self.healthName)
        for stage in PipelineMetrics.Stage.allCases { self.health.remove(self.component(stage)) }
    }

    private func component(_ stage: PipelineMetrics.Stage) -> String { "\(self.healthName).\(stage)" }

    private func report(
        _ stage: PipelineMetrics.Stage, _ error: any Error, _ failures: Int, _ refusals: String?
    ) {
        var advice = (error as? ChurnError)?.advice ?? ""
        if let refusals, error.failureDisposition == .reject { advice = "\(refusals) \(advice)" }
        self.health.report(
            self.component(stage),
            .failing(reason: (error as? ChurnError)?.description ?? "a call failed during \(stage)", advice: advice),
            code: (error as? ChurnError)?.code)
        self.logger.debug(
            "A call failed and will be repeated",
            metadata: [
                "churn.stage": "\(stage)", "churn.error": "\((error as? ChurnError)?.description ?? "other")",
                "churn.attempt": "\(failures)",
            ])
    }
}
