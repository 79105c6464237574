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
}

/// The health of a process's parts, as they report it and `/health/ready` reads it.
///
/// Thread-safe.
public final class HealthBoard: Sendable {
    private let components = Locked<[String: ComponentHealth]>([:])

    /// Creates an empty board, which is ready.
    public init() {}

    /// Says how a component is doing.
    public func report(_ component: String, _ health: ComponentHealth) {
        self.components.withLock { $0[component] = health }
    }

    /// Takes a component off the board.
    public func remove(_ component: String) { self.components.withLock { $0[component] = nil } }

    /// Every component's health.
    public var all: [String: ComponentHealth] { self.components.withLock { $0 } }

    /// Whether every component works.
    public var isReady: Bool { self.components.withLock { $0.values.allSatisfy(\.isReady) } }
}
