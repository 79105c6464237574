import HTTPTypes
import Hummingbird
import NIOCore

/// `GET /metrics`, in Prometheus' text format.
struct MetricsRoute: EndpointGroup {
    let metrics: PrometheusMetricsFactory

    var endpoints: [Endpoint] {
        let metrics = self.metrics
        return [
            Endpoint(
                .get, "/metrics", .open, id: "metrics", .system, "Metrics in Prometheus' text format",
                answers: [.text("The metrics.", type: "text/plain")]
            ) { _, _ in
                Response(
                    status: .ok, headers: [.contentType: "text/plain; version=0.0.4; charset=utf-8"],
                    body: ResponseBody(byteBuffer: ByteBuffer(string: metrics.text())))
            }
        ]
    }
}
