import ChurnCore
import CoreMetrics
import Logging
import Metrics
import ServiceLifecycle

/// Makes the report of model health at an interval, shows it as metrics, and answers with the newest.
public final class ModelHealthMonitor: ModelHealthSource, Service, CustomStringConvertible {
    /// The word `ModelHealthMonitor`: what it holds is no one's log line.
    public var description: String { "ModelHealthMonitor" }

    private let make: @Sendable () async throws -> ModelHealth
    private let interval: Duration
    private let clock: any Clock<Duration>
    private let metrics: any MetricsFactory
    private let logger: Logger
    private let newest = Locked<ModelHealth?>(nil)
    /// The figures of drift that the last report had.
    private let drifting = Locked<Set<DriftGauge>>([])

    private struct DriftGauge: Hashable {
        var label: String
        var feature: String
    }

    /// Creates a monitor.
    ///
    /// - `interval`: how old an answer may be.
    /// - `clock`: measures the interval; tests pass one of their own.
    /// - `make`: makes a report.
    public init(
        interval: Duration, clock: any Clock<Duration> = ContinuousClock(),
        metrics: any MetricsFactory = MetricsSystem.factory, logger: Logger,
        make: @escaping @Sendable () async throws -> ModelHealth
    ) {
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
                } catch {
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
        func gauge(_ label: String, _ dimensions: [(String, String)], _ value: Double?) {
            guard let value else { return }
            Gauge(label: label, dimensions: dimensions, factory: self.metrics).record(value)
        }
        // Chance alone moves few scores far: without enough of them there is no figure, and no old one stays.
        let lines = (health.drift?.features ?? []) + (health.drift?.scores.map { [$0] } ?? [])
        var figures: [DriftGauge: Double] = [:]
        for line in lines where line.status != .insufficient {
            figures[DriftGauge(label: "churn.model.drift.psi", feature: line.name)] = line.drift.psi
            figures[DriftGauge(label: "churn.model.drift.ks", feature: line.name)] = line.drift.ks
        }
        let gone = self.drifting.withLock { shown in
            defer { shown = Set(figures.keys) }
            return shown.subtracting(figures.keys)
        }
        for each in gone { gauge(each.label, [("feature", each.feature)], .nan) }
        for (each, value) in figures { gauge(each.label, [("feature", each.feature)], value) }
        for model in health.models where model.role == .champion || model.role == .challenger {
            let role = [("role", model.role?.rawValue ?? "")]
            gauge("churn.model.auc", role, model.quality.auc)
            gauge("churn.model.brier", role, model.quality.brier)
            gauge("churn.model.calibration.error", role, model.calibrationError)
            gauge("churn.model.lift", role, model.liftTopDecile)
            gauge("churn.model.outcomes", role, Double(model.quality.outcomes))
        }
        guard let counts = health.challenger?.counts, counts.scored > 0 else { return }
        let scored = Double(counts.scored)
        gauge("churn.challenger.disagreement", [], Double(counts.otherBand) / scored)
        gauge("churn.challenger.alerts", [("role", "champion")], Double(counts.championAlerts) / scored)
        gauge("churn.challenger.alerts", [("role", "challenger")], Double(counts.challengerAlerts) / scored)
    }
}
