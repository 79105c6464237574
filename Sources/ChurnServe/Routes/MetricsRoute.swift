import HTTPTypes
import Hummingbird
import NIOCore

/// `GET /metrics`, in the format of the exporter.
struct MetricsRoute: EndpointGroup {
    static let path = "/metrics"

    let exporter: any MetricsExporter

    var endpoints: [Endpoint] {
        let exporter = self.exporter
        return [
            Endpoint(
                .get, Self.path, .open, id: "metrics", .system, "Metrics as text, in Prometheus' format by default",
                answers: [.text("The metrics.", types: ["text/plain"])]
            ) { _, _ in
                Response(
                    status: .ok, headers: [.contentType: exporter.contentType],
                    body: ResponseBody(byteBuffer: ByteBuffer(string: exporter.text())))
            }
        ]
    }
}
