import ChurnCore
import ChurnInsight
import ChurnMemory
import Testing

@testable import ChurnServe

@Suite struct ExposureTests {
    private struct NoPrincipals: Authenticator {
        func principal(for token: String) async throws -> Principal? { nil }
    }

    private static let signIn = AccessControl(authenticator: NoPrincipals(), audit: InMemoryAuditLog())

    private static func faults(_ access: AccessControl?, _ change: (inout ServerConfiguration) -> Void) -> String? {
        var configuration = ServerConfiguration()
        change(&configuration)
        do {
            try configuration.validate(access: access)
            return nil
        } catch {
            return (error as? ChurnError)?.advice ?? "\(error)"
        }
    }

    @Test(
        "on loopback anything goes, however it is spelled",
        arguments: [
            "127.0.0.1", "localhost", "LOCALHOST", "localhost.", "::1", "[::1]", "0:0:0:0:0:0:0:1", "127.0.0.2",
            "127.1.2.3", "::ffff:127.0.0.1", "[::FFFF:7f00:2]",
        ])
    func loopback(_ host: String) {
        #expect(Self.faults(.open()) { $0.host = host } == nil)
        #expect(Self.faults(Self.signIn) { $0.host = host } == nil)
    }

    @Test(
        "where others can connect, callers sign in and nothing travels in plain text",
        arguments: [
            "0.0.0.0", "::", "10.1.2.3", "churn.example", "::ffff:10.1.2.3", "::127.0.0.1", "127.evil.example",
            "localhost.evil.example", "[127.0.0.1", "",
        ])
    func elsewhere(_ host: String) {
        let tls = TLSFiles(certificates: "a", key: "b")
        let open = Self.faults(.open()) { $0.host = host }
        #expect(open?.contains("everyone may do everything") == true && open?.contains("plain text") == true)
        let openWithTLS = Self.faults(.open()) {
            $0.host = host
            $0.tls = tls
        }
        #expect(openWithTLS?.contains("everyone may do everything") == true)
        #expect(openWithTLS?.contains("plain text") == false)
        #expect(Self.faults(Self.signIn) { $0.host = host }?.contains("plain text") == true)
        let guarded: [(inout ServerConfiguration) -> Void] = [{ $0.tls = tls }, { $0.isBehindProxy = true }]
        for change in guarded {
            let faults = Self.faults(Self.signIn) {
                $0.host = host
                change(&$0)
            }
            #expect(faults == nil)
        }
    }

    @Test("health and metrics alone may be asked from anywhere")
    func probes() {
        #expect(Self.faults(nil) { $0.host = "0.0.0.0" } == nil)
    }

    @Test("all faults are reported at once")
    func allAtOnce() {
        let faults = Self.faults(.open()) {
            $0.host = "0.0.0.0"
            $0.port = 70_000
            $0.hosts = ["a b"]
            $0.origins = ["page.example", "https://page.example/path", "ftp://page.example", "https://"]
            $0.limits.requestsPerSecondPerAddress = 0
        }
        #expect(faults?.split(separator: ";").count == 9, "\(faults ?? "")")
    }

    @Test("a port of its own takes health and metrics away from the main one")
    func adminPort() async throws {
        try await ServeHarness.run(change: { $0.servesOperations = false }) { server in
            for path in ["/health/live", "/health/ready", "/metrics"] {
                let status = try await server.request(path).status
                #expect(status == 404, "\(path)")
            }
            let page = try await server.request("/").status
            #expect(page == 200)
        }
    }
}
