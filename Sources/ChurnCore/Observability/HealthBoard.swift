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
/// Thread-safe.
public final class HealthBoard: Sendable {
    private let components = Locked<[String: ComponentHealth]>([:])
    private let advice: @Sendable (ChurnError.Code, String) -> String

    /// Creates an empty board, which is ready.
    ///
    /// - Parameter advice: makes the advice that is shown from a failure's code and neutral advice. Here a program adds
    ///   the command that helps.
    public init(advice: @escaping @Sendable (ChurnError.Code, String) -> String = { $1 }) {
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
        self.components.withLock { $0[component] = shown }
        return shown
    }

    /// Takes a component off the board.
    public func remove(_ component: String) { self.components.withLock { $0[component] = nil } }

    /// Every component's health.
    public var all: [String: ComponentHealth] { self.components.withLock { $0 } }

    /// Whether every component works.
    public var isReady: Bool { self.components.withLock { $0.values.allSatisfy(\.isReady) } }
}
