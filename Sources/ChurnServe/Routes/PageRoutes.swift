import HTTPTypes
import Hummingbird
import NIOCore

/// The script and style of the live page, which stands in where no dashboard is built.
struct PageRoutes {
    /// The resources that a page may load: nothing from elsewhere, and nothing inline.
    static let policy = """
        default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; \
        manifest-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'
        """

    func add(to router: Router<ServeContext>) {
        self.add("/live.js", LivePage.script, "text/javascript; charset=utf-8", to: router)
        self.add("/live.css", LivePage.style, "text/css; charset=utf-8", to: router)
        // A plain request where a WebSocket opens.
        router.get("/ws/updates") { _, _ -> Response in throw Problem.upgradeRequired }
    }

    /// Serves a text under the pages' policy.
    func add(_ path: RouterPath, _ text: String, _ type: String, to router: Router<ServeContext>) {
        let body = ByteBuffer(string: text)
        router.get(path) { _, _ in
            Response(
                status: .ok,
                headers: [.contentType: type, .contentSecurityPolicy: Self.policy, .cacheControl: "no-cache"],
                body: ResponseBody(byteBuffer: body))
        }
    }
}
