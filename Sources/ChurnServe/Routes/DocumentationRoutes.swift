import HTTPTypes
import Hummingbird
import NIOCore

/// `GET /openapi.json`, and the same for people at `/docs`.
struct DocumentationRoutes: EndpointGroup {
    /// All other endpoints of the server.
    let others: [Endpoint]
    /// Whether the server asks no one for a credential.
    let isOpen: Bool
    /// The path below which a proxy shows the server; empty where it is not known.
    var basePath = ""

    var endpoints: [Endpoint] {
        let pages: [Endpoint] = [
            .page("/docs", id: "docs", "This document for people", PlacedPage(DocsPage.html, basePath: self.basePath)),
            .page("/docs.js", id: "docsScript", "Its script", DocsPage.script, type: "text/javascript"),
            .page("/docs.css", id: "docsStyle", "Its style", DocsPage.style, type: "text/css"),
        ]
        // The document describes itself, so that its text is made after this value.
        let described = self.others + pages + [self.document(ByteBuffer())]
        let text = OpenAPIDocument(endpoints: described, isOpen: self.isOpen, basePath: self.basePath).json
        return pages + [self.document(ByteBuffer(string: text))]
    }

    private func document(_ text: ByteBuffer) -> Endpoint {
        let schema = Schema.object([
            Schema.Property(name: "openapi", schema: .string), Schema.Property(name: "info", schema: .object()),
            Schema.Property(name: "paths", schema: .object()),
        ])
        return Endpoint(
            .get, "/openapi.json", .open, id: "openapi", .system, "This document",
            answers: [.ok("The document.", schema)]
        ) { _, _ in
            Response(
                status: .ok, headers: [.contentType: "application/json", .cacheControl: "no-cache"],
                body: ResponseBody(byteBuffer: text))
        }
    }
}
