import Crypto
import Foundation
import NIOCore

/// A page whose links lead to the server's own addresses, also where a proxy shows the server below a path.
///
/// A proxy that takes its path away says nothing of it, so that links begin at the page's own address. Where the path is
/// configured they begin with it.
struct PlacedPage: Sendable {
    /// Forms of the page for addresses of up to as many parts.
    private static let depths = 4

    private let forms: [DashboardBundle.File]

    /// - Parameters:
    ///   - page: has every link to an address of the server within quotes and from the root: `href="/docs"`.
    ///   - basePath: the path below which a proxy shows the server; empty where it is not known.
    init(_ page: DashboardBundle.File, basePath: String) {
        let prefixes =
            basePath.isEmpty
            ? ["./"] + (1..<Self.depths).map { String(repeating: "../", count: $0) } : [basePath + "/"]
        let text = String(buffer: page.plain)
        self.forms = prefixes.map { prefix in
            let placed = Data(text.replacing("=\"/", with: "=\"\(prefix)").utf8)
            return DashboardBundle.File(
                type: page.type, plain: ByteBuffer(bytes: placed), compressed: nil,
                tag: DashboardBundle.tag(of: placed))
        }
    }

    init(_ html: String, basePath: String) {
        let page = DashboardBundle.File(
            type: "text/html; charset=utf-8", plain: ByteBuffer(string: html), compressed: nil, tag: "")
        self.init(page, basePath: basePath)
    }

    /// The page as it is at a path.
    func file(at path: String) -> DashboardBundle.File {
        let depth = max(0, path.utf8.count { $0 == UInt8(ascii: "/") } - 1)
        return self.forms[min(depth, self.forms.count - 1)]
    }
}
