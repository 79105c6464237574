public import Logging
public import Metrics

extension Pipeline {
    /// What a pipeline reports to, and by which clock it waits; everything has a default.
    public struct Environment: Sendable {
        /// Sees the scores that became durable.
        public var observer: (any ScoreObserver)?
        /// Where the pipeline reports how it does.
        public var health: HealthBoard
        /// Measures the waits between attempts; tests pass one of their own.
        public var clock: any Clock<Duration>
        /// Makes the instruments.
        public var metrics: any MetricsFactory
        /// For what callers cannot see.
        public var logger: Logger

        /// Creates an environment.
        ///
        /// - `logger`: nil for a pipeline that logs nothing.
        public init(
            observer: (any ScoreObserver)? = nil, health: HealthBoard = HealthBoard(),
            clock: any Clock<Duration> = ContinuousClock(), metrics: any MetricsFactory = MetricsSystem.factory,
            logger: Logger? = nil
        ) {
            (self.observer, self.health, self.clock, self.metrics) = (observer, health, clock, metrics)
            self.logger = logger ?? Logger(label: "churn.pipeline") { _ in SwiftLogNoOpLogHandler() }
        }
    }
}
