public import CoreMetrics
public import Logging
import Metrics

/// The health of a part of the process.
public enum ComponentHealth: Hashable, Sendable {
    /// Works.
    case healthy
    /// Not yet able to work.
    case starting
    /// Works, but something waits for a person. Both texts are authored: what is wrong, and what to do.
    case degraded(reason: String, advice: String)
    /// Cannot work now. Both texts are authored: what is wrong, and what to do.
    case failing(reason: String, advice: String)
}

extension ComponentHealth {
    /// Whether it works, be it with something that waits for a person.
    public var isReady: Bool {
        switch self {
        case .healthy, .degraded: true
        case .starting, .failing: false
        }
    }

    /// What is wrong; nil where nothing is.
    public var reason: String? {
        switch self {
        case .healthy, .starting: nil
        case .degraded(let reason, _), .failing(let reason, _): reason
        }
    }

    /// What to do about it; nil where nothing is wrong.
    public var advice: String? {
        switch self {
        case .healthy, .starting: nil
        case .degraded(_, let advice), .failing(_, let advice): advice
        }
    }

    /// Works with something missing, because of an error.
    ///
    /// - Parameters:
    ///   - effect: what that means to people.
    ///   - rest: what goes on all the same.
    package static func degraded(_ error: any Error, _ effect: String, keeps rest: String) -> Self {
        let error = error as? ChurnError
        return .degraded(
            reason: "\(effect) (\(error?.description ?? "other")); \(rest)",
            advice: error?.advice ?? "it is tried again")
    }

    fileprivate func advising(_ change: (String) -> String) -> Self {
        switch self {
        case .healthy, .starting: self
        case .degraded(let reason, let advice): .degraded(reason: reason, advice: change(advice))
        case .failing(let reason, let advice): .failing(reason: reason, advice: change(advice))
        }
    }
}

/// The health of a process's parts, as they report it and `/health/ready` reads it.
///
/// With a logger an outage is a warning when it begins and once a minute while it lasts, and a notice when it is over;
/// with metrics each component has a gauge. Thread-safe.
public final class HealthBoard: Sendable {
    private struct Component {
        var health: ComponentHealth
        var outage = Outage()
        var gauge: Gauge?
    }

    private let components = Locked<[String: Component]>([:])
    private let advice: @Sendable (ChurnError.Code, String) -> String
    private let logger: Logger?
    private let metrics: (any MetricsFactory)?

    /// Creates an empty board, which is ready.
    ///
    /// - Parameters:
    ///   - logger: gets the beginning and the end of each outage; see `remind(at:)`.
    ///   - metrics: gets `churn.component.health` of each component: 1 works, 0.5 is degraded, 0 does not work.
    ///   - advice: makes the advice that is shown from a failure's code and neutral advice. Here a program adds the
    ///     command that helps.
    public init(
        logger: Logger? = nil, metrics: (any MetricsFactory)? = nil,
        advice: @escaping @Sendable (ChurnError.Code, String) -> String = { $1 }
    ) {
        self.logger = logger
        self.metrics = metrics
        self.advice = advice
    }

    /// Says how a component is doing, and returns that as the board shows it.
    ///
    /// - `code`: the kind of failure, where it is known.
    @discardableResult
    public func report(
        _ component: String, _ health: ComponentHealth, code: ChurnError.Code? = nil
    ) -> ComponentHealth {
        let shown = code.map { code in health.advising { self.advice(code, $0) } } ?? health
        let news = self.components.withLock { components in
            var known = components[component] ?? Component(health: shown, gauge: self.gauge(of: component))
            let isOther = known.health != shown
            known.health = shown
            let news = known.outage.saw(shown, at: .now)
            if isOther || components[component] == nil { known.gauge?.record(shown.gauge) }
            components[component] = known
            return news
        }
        self.log(component, shown, news)
        return shown
    }

    /// Takes a component off the board.
    public func remove(_ component: String) {
        let removed = self.components.withLock { $0.removeValue(forKey: component) }
        removed?.gauge?.destroy()
    }

    /// Logs again the outages that last and were not logged for a minute.
    ///
    /// A program calls it every second or so: a component that waits reports nothing new.
    package func remind(at now: ContinuousClock.Instant = .now) {
        let due = self.components.withLock { components in
            components.keys.compactMap { name -> (String, ComponentHealth, Outage.News)? in
                guard var component = components.removeValue(forKey: name) else { return nil }
                defer { components[name] = component }
                return component.outage.remind(at: now).map { (name, component.health, $0) }
            }
        }
        for (name, health, news) in due { self.log(name, health, news) }
    }

    /// Every component's health.
    public var all: [String: ComponentHealth] { self.components.withLock { $0.mapValues(\.health) } }

    /// Whether every component works.
    public var isReady: Bool { self.components.withLock { $0.values.allSatisfy(\.health.isReady) } }

    private func gauge(of component: String) -> Gauge? {
        self.metrics.map {
            Gauge(label: "churn.component.health", dimensions: [("component", component)], factory: $0)
        }
    }

    private func log(_ component: String, _ health: ComponentHealth, _ news: Outage.News?) {
        guard let logger, let news else { return }
        var metadata: Logger.Metadata = ["churn.component": "\(component)"]
        switch news {
        case .over(let seconds):
            logger.notice("Working again after \(seconds) s", metadata: metadata)
        case .lasts(let seconds):
            metadata["churn.reason"] = "\(health.reason ?? "")"
            metadata["churn.advice"] = "\(health.advice ?? "")"
            if seconds > 0 { metadata["churn.seconds"] = "\(seconds)" }
            logger.warning(health.isReady ? "Works in part" : "Does not work", metadata: metadata)
        }
    }
}

extension ComponentHealth {
    /// The value of the gauge.
    fileprivate var gauge: Double {
        switch self {
        case .healthy: 1
        case .degraded: 0.5
        case .starting, .failing: 0
        }
    }
}
