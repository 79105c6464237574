import ChurnCore
import Metrics

/// The projection's instruments, made once.
struct ProjectionMetrics: Sendable {
    private let customers: Gauge
    private let bytes: Gauge
    private let lag: Metrics.Timer
    let loads: Metrics.Timer

    init(factory: any MetricsFactory) {
        self.customers = Gauge(label: "churn.projection.customers", factory: factory)
        self.bytes = Gauge(label: "churn.projection.bytes", factory: factory)
        self.lag = Timer(label: "churn.projection.lag", factory: factory)
        self.loads = Timer(label: "churn.projection.load.duration", factory: factory)
    }

    func size(_ projection: CustomerProjection) {
        self.customers.record(projection.count)
        self.bytes.record(projection.byteCount)
    }

    func lag(since oldest: Timestamp) {
        let microseconds = Timestamp.systemNow().microseconds - oldest.microseconds
        self.lag.recordMicroseconds(max(0, microseconds))
    }

    func loaded(in duration: Duration) { self.loads.record(duration: duration) }
}
