import HTTPTypes
import Hummingbird
import NIOCore

/// `GET /metrics`, in Prometheus' text format.
struct MetricsRoute {
    let metrics: PrometheusMetricsFactory

    func add(to router: Router<ServeContext>) {
        router.get("/metrics") { _, _ in
            Response(
                status: .ok, headers: [.contentType: "text/plain; version=0.0.4; charset=utf-8"],
                body: ResponseBody(byteBuffer: ByteBuffer(string: self.metrics.text())))
        }
    }
}
