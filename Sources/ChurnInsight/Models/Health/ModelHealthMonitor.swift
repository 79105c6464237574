public import ChurnCore
public import CoreMetrics
public import Logging
import Metrics
public import ServiceLifecycle

/// Makes the report of model health at an interval, shows it as metrics, and answers with the newest.
public final class ModelHealthMonitor: ModelHealthSource, Service, CustomStringConvertible {
    /// The word `ModelHealthMonitor`: what it holds is no one's log line.
    public var description: String { "ModelHealthMonitor" }

    private let make: @Sendable () async throws -> ModelHealth
    private let interval: Duration
    private let clock: any Clock<Duration>
    private let metrics: any MetricsFactory
    private let health: HealthBoard
    private let logger: Logger
    private let newest = Locked<ModelHealth?>(nil)
    /// The figures that the last report had.
    private let shown = Locked<Set<Figure>>([])

    private struct Figure: Hashable {
        var label: String
        var dimension: String?
        var value: String?
    }

    /// Creates a monitor.
    ///
    /// - `interval`: how old an answer may be.
    /// - `clock`: measures the interval; tests pass one of their own.
    /// - `health`: gets the component `model-health`, which is at worst degraded.
    /// - `make`: makes a report.
    public init(
        interval: Duration, clock: any Clock<Duration> = ContinuousClock(), health: HealthBoard = HealthBoard(),
        metrics: any MetricsFactory = MetricsSystem.factory, logger: Logger,
        make: @escaping @Sendable () async throws -> ModelHealth
    ) {
        self.health = health
        self.make = make
        self.interval = interval
        self.clock = clock
        self.metrics = metrics
        self.logger = logger
    }

    /// The newest report; the first is made for whoever asks for it.
    public func modelHealth() async throws -> ModelHealth {
        if let newest = self.newest.withLock({ $0 }) { return newest }
        return try await self.refresh()
    }

    /// Makes reports until a graceful shutdown, or until the task is cancelled.
    public func run() async throws {
        await cancelWhenGracefulShutdown {
            repeat {
                do {
                    _ = try await self.refresh()
                    self.health.report("model-health", .healthy)
                } catch {
                    self.health.report(
                        "model-health", .degraded(error, "figures about models are old", keeps: "scoring goes on"),
                        code: (error as? ChurnError)?.code)
                    self.logger.debug("The health of models cannot be read", metadata: ["churn.stage": "model-health"])
                }
            } while (try? await self.clock.sleep(for: self.interval)) != nil
        }
    }

    /// Makes a report now.
    @discardableResult
    public func refresh() async throws -> ModelHealth {
        let health = try await self.make()
        self.newest.withLock { $0 = health }
        self.show(health)
        return health
    }

    /// The names of features come from the domain, roles and measures from lists: every dimension is bounded.
    private func show(_ health: ModelHealth) {
        var figures: [Figure: Double] = [:]
        func set(_ label: String, _ dimension: String? = nil, _ value: String? = nil, to figure: Double?) {
            figures[Figure(label: label, dimension: dimension, value: value)] = figure
        }
        // Chance alone moves few scores far: without enough of them there is no figure.
        let lines = (health.drift?.features ?? []) + (health.drift?.scores.map { [$0] } ?? [])
        for line in lines where line.status != .insufficient {
            set("churn.model.drift.psi", "feature", line.name, to: line.drift.psi)
            set("churn.model.drift.ks", "feature", line.name, to: line.drift.ks)
        }
        for model in health.models where model.role == .champion || model.role == .challenger {
            let role = model.role?.rawValue
            set("churn.model.auc", "role", role, to: model.quality.auc)
            set("churn.model.brier", "role", role, to: model.quality.brier)
            set("churn.model.calibration.error", "role", role, to: model.calibrationError)
            set("churn.model.lift", "role", role, to: model.liftTopDecile)
            set("churn.model.outcomes", "role", role, to: Double(model.quality.outcomes))
        }
        if let counts = health.challenger?.counts, counts.scored > 0 {
            let scored = Double(counts.scored)
            set("churn.challenger.disagreement", to: Double(counts.otherBand) / scored)
            set("churn.challenger.alerts", "role", "champion", to: Double(counts.championAlerts) / scored)
            set("churn.challenger.alerts", "role", "challenger", to: Double(counts.challengerAlerts) / scored)
        }
        // No old figure stays: it would be that of a model that served before, or of a challenger that is gone.
        let gone = self.shown.withLock { shown in
            defer { shown = Set(figures.keys) }
            return shown.subtracting(figures.keys)
        }
        for figure in gone { figures[figure] = .nan }
        for (figure, value) in figures {
            let dimensions = figure.dimension.flatMap { name in figure.value.map { [(name, $0)] } } ?? []
            Gauge(label: figure.label, dimensions: dimensions, factory: self.metrics).record(value)
        }
    }
}
