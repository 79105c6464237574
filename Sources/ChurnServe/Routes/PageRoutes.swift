import HTTPTypes
import Hummingbird
import NIOCore

/// The script and style of the live page, which is served where no dashboard is built.
struct PageRoutes: EndpointGroup {
    /// What a page may load: nothing from elsewhere, and nothing inline.
    static let policy = """
        default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; \
        manifest-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'
        """

    var endpoints: [Endpoint] {
        [
            .page(
                "/live.js", id: "pageScript", "The script of the page without a dashboard", LivePage.script,
                type: "text/javascript"),
            .page("/live.css", id: "pageStyle", "Its style", LivePage.style, type: "text/css"),
        ]
    }
}

extension Endpoint {
    /// A page for people, for everyone.
    static func page(_ path: String, id: String, _ summary: String, _ page: PlacedPage) -> Endpoint {
        .page(path, id: id, summary, types: ["text/html"]) { request, _ in
            DashboardRoutes.answer(request, with: page.file(at: request.uri.path), cache: "no-cache")
        }
    }

    /// A text under the pages' policy, for everyone.
    static func page(_ path: String, id: String, _ summary: String, _ text: String, type: String) -> Endpoint {
        let body = ByteBuffer(string: text)
        return .page(path, id: id, summary, types: [type]) { _, _ in
            Response(
                status: .ok,
                headers: [
                    .contentType: "\(type); charset=utf-8", .contentSecurityPolicy: PageRoutes.policy,
                    .cacheControl: "no-cache",
                ],
                body: ResponseBody(byteBuffer: body))
        }
    }

    /// A page or what it loads, for everyone.
    static func page(
        _ path: String, id: String, _ summary: String, types: [String], _ handler: @escaping Handler
    ) -> Endpoint {
        let names = path.split(separator: "/").filter { $0.hasPrefix("{") }.map { $0.dropFirst().dropLast() }
        return Endpoint(
            .get, path, .open, id: id, .system, summary,
            parameters: names.map {
                ParameterDescription(
                    name: String($0), place: .path, meaning: "A part of the address.", schema: .shortText)
            },
            answers: [.text("The text.", types: types)], handler)
    }
}
