import Foundation
import HTTPTypes
import Hummingbird

/// The dashboard's page at each of its addresses, and what the page loads.
struct DashboardRoutes: EndpointGroup {
    /// The addresses that the page itself understands; nothing else falls back to it.
    private static let pages = [
        ("/", "page", "The dashboard"),
        ("/watchlist", "watchlistPage", "The dashboard at its watchlist"),
        ("/customer/{id}", "customerPage", "The dashboard at one customer"),
        ("/analytics", "analyticsPage", "The dashboard at its analytics"),
        ("/live", "livePage", "The dashboard at its live feed"),
        ("/alerts", "alertsPage", "The dashboard at its cases"),
    ]

    let bundle: DashboardBundle?
    /// The dashboard's page, or the live page, which says what is missing.
    private let page: PlacedPage

    /// - Parameter basePath: the path below which a proxy shows the server; empty where it is not known.
    init(bundle: DashboardBundle?, basePath: String) {
        self.bundle = bundle
        self.page =
            bundle.map { PlacedPage($0.page, basePath: basePath) } ?? PlacedPage(LivePage.html, basePath: basePath)
    }

    var endpoints: [Endpoint] {
        Self.pages.map { path, id, summary in self.page(path, id: id, summary) } + [
            .page("/assets/{name}", id: "asset", "What the dashboard loads", types: DashboardBundle.mediaTypes) {
                request, context in
                guard let file = context.parameters.get("name").flatMap({ self.bundle?.assets[$0] }) else {
                    throw Problem.notFound
                }
                // A name always has the same content.
                return Self.answer(request, with: file, cache: "public, max-age=31536000, immutable")
            }
        ]
    }

    private func page(_ path: String, id: String, _ summary: String) -> Endpoint {
        .page(path, id: id, summary, self.page)
    }

    /// The first parts of addresses at which programs ask, and no one looks for a page.
    private static let programs: Set<String> = ["api", "assets", "health", "metrics", "openapi.json", "ws"]

    /// Returns the page where a person opens an address that is not there: the page says so and leads on.
    func page(for request: Request) -> Response? {
        guard [.get, .head].contains(request.method),
            request.headers[values: .accept].contains(where: { $0.lowercased().contains("text/html") }),
            let part = request.uri.path.split(separator: "/").first, !Self.programs.contains(String(part))
        else { return nil }
        var response = Self.answer(request, with: self.page.file(at: request.uri.path), cache: "no-cache")
        if response.status == .ok { response.status = .notFound }
        return response
    }

    static func answer(_ request: Request, with file: DashboardBundle.File, cache: String) -> Response {
        var headers: HTTPFields = [
            .contentType: file.type, .contentSecurityPolicy: PageRoutes.policy, .cacheControl: cache, .eTag: file.tag,
            .vary: "Accept-Encoding",
        ]
        if request.headers[values: .ifNoneMatch].contains(where: { self.names($0, file.tag) }) {
            return Response(status: .notModified, headers: headers)
        }
        guard let compressed = file.compressed, self.takesGzip(request.headers[values: .acceptEncoding]) else {
            return Response(status: .ok, headers: headers, body: ResponseBody(byteBuffer: file.plain))
        }
        headers[.contentEncoding] = "gzip"
        return Response(status: .ok, headers: headers, body: ResponseBody(byteBuffer: compressed))
    }

    /// Returns whether a list of tags names this one; the comparison is the weak one (RFC 9110, section 13.1.2).
    private static func names(_ list: String, _ tag: String) -> Bool {
        list.split(separator: ",").map(self.opaque).contains { $0 == "*" || $0 == self.opaque(tag[...]) }
    }

    private static func opaque(_ tag: Substring) -> String {
        let text = tag.trimmingCharacters(in: .whitespaces)
        return text.hasPrefix("W/") ? String(text.dropFirst(2)) : text
    }

    /// Returns whether a client takes gzip: it says so, and gives it no weight of zero.
    private static func takesGzip(_ values: [String]) -> Bool {
        values.joined(separator: ",").lowercased().split(separator: ",").contains { coding in
            let parts = coding.split(separator: ";").map { $0.trimmingCharacters(in: .whitespaces) }
            guard let name = parts.first, name == "gzip" || name == "x-gzip" else { return false }
            let weight = parts.dropFirst().first { $0.hasPrefix("q=") }.flatMap { Double($0.dropFirst(2)) }
            return weight != 0
        }
    }
}
