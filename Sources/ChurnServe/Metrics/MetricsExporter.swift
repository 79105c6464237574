/// Metrics as text, for whoever scrapes them.
public protocol MetricsExporter: Sendable {
    /// The media type of the text.
    var contentType: String { get }
    /// All metrics as they are now.
    func text() -> String
}

extension PrometheusMetricsFactory: MetricsExporter {
    /// Prometheus' text format, version 0.0.4.
    public var contentType: String { "text/plain; version=0.0.4; charset=utf-8" }
}
