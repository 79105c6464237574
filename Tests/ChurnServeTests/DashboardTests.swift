import ChurnCore
import Foundation
import Testing

@testable import ChurnServe

@Suite(.timeLimit(.minutes(2))) struct DashboardTests {
    /// A built dashboard in a folder of its own, gone with its last use.
    private final class Folder: Sendable {
        let path = FileManager.default.temporaryDirectory.appendingPathComponent("churn-\(UUID().uuidString)").path

        init(page: String? = "<!doctype html><title>built</title>") throws {
            let assets = self.path + "/assets"
            try FileManager.default.createDirectory(atPath: assets, withIntermediateDirectories: true)
            if let page { try Self.write(page, self.path + "/index.html") }
            try Self.write("secret", self.path + "/notes.txt")
            try Self.write("plain script", assets + "/app-1a2b.js")
            try Self.write("zipped script", assets + "/app-1a2b.js.gz")
            try Self.write("secret", assets + "/app.js.map")
        }

        deinit { try? FileManager.default.removeItem(atPath: self.path) }

        private static func write(_ text: String, _ path: String) throws {
            try Data(text.utf8).write(to: URL(fileURLWithPath: path))
        }
    }

    @Test(
        "each address of the dashboard answers its page, never kept without asking",
        arguments: ["/", "/watchlist?risk=High", "/customer/a%2Fb%3Cc%3E", "/analytics", "/live", "/alerts"])
    func pages(_ path: String) async throws {
        let folder = try Folder()
        let bundle = try DashboardBundle(at: folder.path)
        try await ServeHarness.run(change: { $0.dashboard = bundle }) { server in
            let answer = try await server.request(path)
            #expect(answer.status == 200)
            #expect(answer.body == "<!doctype html><title>built</title>")
            #expect(answer.header("content-type") == "text/html; charset=utf-8")
            #expect(answer.header("cache-control") == "no-cache")
            let policy = try #require(answer.header("content-security-policy"))
            #expect(policy.hasPrefix("default-src 'none'; script-src 'self'; style-src 'self'"))
            #expect(!policy.contains("unsafe"))
            let tag = try #require(answer.header("etag"))
            for list in [tag, "\"x\", \(tag)", "*", String(tag.dropFirst(2))] {
                let again = try await server.request(path, headers: "If-None-Match: \(list)\r\n")
                #expect(again.status == 304)
                #expect(again.body.isEmpty)
            }
            let other = try await server.request(path, headers: "If-None-Match: \"x\"\r\n")
            #expect(other.status == 200)
        }
    }

    @Test("what the page loads is kept indefinitely, and compressed for those who take it")
    func assets() async throws {
        let folder = try Folder()
        let bundle = try DashboardBundle(at: folder.path)
        try await ServeHarness.run(change: { $0.dashboard = bundle }) { server in
            let plain = try await server.request("/assets/app-1a2b.js")
            #expect(plain.body == "plain script")
            #expect(plain.header("cache-control") == "public, max-age=31536000, immutable")
            #expect(plain.header("vary") == "Accept-Encoding")
            #expect(plain.header("content-encoding") == nil)
            for (accepted, isZipped) in [
                ("gzip", true), ("br, GZIP;q=0.5", true), ("gzip;q=0", false), ("br", false), ("gzipped", false),
            ] {
                let answer = try await server.request(
                    "/assets/app-1a2b.js", headers: "Accept-Encoding: \(accepted)\r\n")
                #expect(answer.body == (isZipped ? "zipped script" : "plain script"), "\(accepted)")
                #expect(answer.header("content-encoding") == (isZipped ? "gzip" : nil), "\(accepted)")
                #expect(answer.header("etag") == plain.header("etag"))
            }
        }
    }

    @Test(
        "nothing else in the folder or outside it is served",
        arguments: [
            "/assets/app.js.map", "/assets/app-1a2b.js.gz", "/assets/..%2Fnotes.txt", "/assets/../notes.txt",
            "/assets/%2e%2e/notes.txt", "/assets/..%2f..%2f..%2fetc%2fpasswd", "/notes.txt", "/index.html", "/assets/",
            "/assets/app-1a2b.js/", "/assets/none.js", "/watchlist/deeper", "/settings",
        ])
    func nothingElse(_ path: String) async throws {
        let folder = try Folder()
        let bundle = try DashboardBundle(at: folder.path)
        try await ServeHarness.run(change: { $0.dashboard = bundle }) { server in
            let answer = try await server.request(path)
            #expect(!answer.body.contains("secret") && !answer.body.contains("root:"))
            // A slash at the end names the same route.
            #expect(answer.status == (path == "/assets/app-1a2b.js/" ? 200 : 404))
        }
    }

    @Test("without a dashboard its addresses show the small page, which says what is missing")
    func withoutBundle() async throws {
        try await ServeHarness.run { server in
            for path in ["/", "/watchlist", "/customer/7590-VHVEG"] {
                let answer = try await server.request(path)
                #expect(answer.status == 200)
                #expect(answer.body.contains("this server was started without one"))
                #expect(answer.body.contains("Docs/dashboard.md"))
            }
            let asset = try await server.request("/assets/app-1a2b.js").status
            #expect(asset == 404)
        }
    }

    @Test("a folder without a page is refused with what to do")
    func noPage() throws {
        let folder = try Folder(page: nil)
        for path in [folder.path, folder.path + "/nowhere"] {
            let error = #expect(throws: ChurnError.self) { try DashboardBundle(at: path) }
            #expect(error?.code == .noDashboard && error?.disposition == .fatal)
            #expect(error?.advice.contains("build one, or name its folder") == true)
        }
    }
}
