import Metrics
import Synchronization

/// The metrics of the server.
///
/// Every dimension has a finite set of values.
final class ServeMetrics: Sendable {
    private let factory: any MetricsFactory
    private let sockets: Meter
    private let refused: Counter
    private let connections: Meter
    private let refusedConnections: [ConnectionRefusal: Counter]
    private let closed: [CloseCode: Counter]
    private let closedOtherwise: Counter
    /// The number of open WebSockets.
    private let openSockets = Atomic(0)

    init(factory: any MetricsFactory) {
        func closed(_ code: String) -> Counter {
            Counter(label: "churn.ws.closed", dimensions: [("code", code)], factory: factory)
        }
        self.factory = factory
        self.sockets = Meter(label: "churn.ws.connections", factory: factory)
        self.refused = Counter(label: "churn.http.refused", factory: factory)
        self.connections = Meter(label: "churn.http.connections", factory: factory)
        self.refusedConnections = Dictionary(
            uniqueKeysWithValues: ConnectionRefusal.allCases.map { reason in
                let dimensions = [("reason", reason.rawValue)]
                return (
                    reason,
                    Counter(label: "churn.http.connections.refused", dimensions: dimensions, factory: factory)
                )
            })
        let codes: [CloseCode] = [
            .normal, .goingAway, .protocolError, .unsupportedData, .invalidText, .policy, .tooBig, .tryLater,
            .badToken, .forbidden, .tooSlow, .gap, .tooMany,
        ]
        self.closed = Dictionary(uniqueKeysWithValues: codes.map { ($0, closed(String($0.rawValue))) })
        self.closedOtherwise = closed("other")
    }

    var socketCount: Int { self.openSockets.load(ordering: .relaxed) }

    func socketOpened() {
        self.sockets.set(Int64(self.openSockets.add(1, ordering: .relaxed).newValue))
    }

    func socketGone() {
        self.sockets.set(Int64(self.openSockets.subtract(1, ordering: .relaxed).newValue))
    }

    /// A WebSocket ends; nil where it broke without a close frame.
    func socketClosed(_ code: CloseCode?) {
        (code.flatMap { self.closed[$0] } ?? self.closedOtherwise).increment()
    }

    func connectionOpened() { self.connections.increment() }
    func connectionClosed() { self.connections.decrement() }

    /// A connection was not taken.
    func connectionRefused(_ reason: ConnectionRefusal) { self.refusedConnections[reason]?.increment() }

    /// A request was refused from its head.
    func requestRefused() { self.refused.increment() }

    /// A request was answered.
    func answered(route: String, status: Int, after duration: Duration) {
        Counter(
            label: "churn.http.requests", dimensions: [("route", route), ("status", String(status))],
            factory: self.factory
        ).increment()
        Timer(label: "churn.http.duration", dimensions: [("route", route)], factory: self.factory)
            .recordNanoseconds(Int64(duration / .nanoseconds(1)))
    }
}
