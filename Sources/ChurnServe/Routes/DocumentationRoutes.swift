import ChurnCore
import HTTPTypes
import Hummingbird
import NIOCore

/// `GET /openapi.json`, and the same for people at `/docs`.
struct DocumentationRoutes {
    let domain: Domain
    /// Whether the server asks no one for a credential.
    let isOpen: Bool

    func add(to router: Router<ServeContext>) {
        let document = ByteBuffer(string: OpenAPIDocument(domain: self.domain, isOpen: self.isOpen).json)
        router.get("/openapi.json") { _, _ in
            Response(
                status: .ok, headers: [.contentType: "application/json", .cacheControl: "no-cache"],
                body: ResponseBody(byteBuffer: document))
        }
        let pages = PageRoutes()
        pages.add("/docs", DocsPage.html, "text/html; charset=utf-8", to: router)
        pages.add("/docs.js", DocsPage.script, "text/javascript; charset=utf-8", to: router)
        pages.add("/docs.css", DocsPage.style, "text/css; charset=utf-8", to: router)
    }
}
