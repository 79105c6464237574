import ChurnCore
import ChurnInsight
import Foundation
import Logging
import Testing

@testable import ChurnServe

/// Keeps every log line, metadata included.
private struct KeepingLogHandler: LogHandler {
    let lines: Locked<[String]>
    var metadata: Logger.Metadata = [:]
    var logLevel: Logger.Level = .trace

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { self.metadata[key] }
        set { self.metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        self.lines.withLock { $0.append("\(event.message) \(self.metadata) \(event.metadata ?? [:])") }
    }
}

@Suite(.timeLimit(.minutes(2))) struct CanaryTests {
    private static let canary = "canary7f3a"

    @Test("what a client sends appears in no log, no error and no metric")
    func requests() async throws {
        let lines = Locked<[String]>([])
        var logger = Logger(label: "test") { _ in KeepingLogHandler(lines: lines) }
        logger.logLevel = .trace
        let access = try await TestAccess()
        let admin = try #require(access.token(.admin))
        let secretPart = admin.suffix(64)
        try await ServeHarness.run(access: access.control, logger: logger) { server in
            let answers = [
                try await server.request("/api/customer/a?token=\(Self.canary)"),
                try await server.request("/\(Self.canary)"),
                try await server.request("/api/customer/\(Self.canary)", headers: "Authorization: Bearer \(admin)\r\n"),
                try await server.request("/api/customer/a", headers: "Authorization: Bearer \(Self.canary)\r\n"),
                try await server.request(
                    "/api/customer/a", headers: "Authorization: Bearer \(admin.dropLast(10))\(Self.canary)\r\n"),
                try await server.request("/api/customer/a", headers: "Authorization: Basic \(Self.canary)\r\n"),
                try await server.request("/api/customer/a", headers: "Cookie: session=\(Self.canary)\r\n"),
                try await server.request("/api/customer/a", headers: "X-Request-Id: \(Self.canary)\r\n"),
                try await server.request("/ws/updates?token=\(Self.canary)"),
                try await server.request(
                    "/api/audit?limit=\(Self.canary)", headers: "Authorization: Bearer \(admin)\r\n"),
                try await server.request(
                    "/nothing", method: "POST",
                    headers: "Content-Type: application/json\r\nContent-Length: \(Self.canary.utf8.count)\r\n",
                    body: Self.canary),
                try await server.request("/", headers: "Origin: https://\(Self.canary).example\r\n"),
                try await server.request(
                    "/api/broadcast-event", method: "POST",
                    headers: "Authorization: Bearer \(admin)\r\nContent-Type: \(Self.canary)\r\n"),
            ]
            let statuses = answers.map(\.status)
            #expect(statuses == [401, 404, 404, 401, 401, 401, 401, 401, 426, 400, 404, 200, 415])
            let shown = answers.map { $0.head + $0.body } + [server.metrics.text()]
            for text in shown {
                #expect(!text.contains(Self.canary) && !text.contains(secretPart), "\(text)")
            }
        }
        let logged = lines.withLock { $0 }
        // A test that sees no log proves nothing.
        #expect(!logged.isEmpty)
        for line in logged { #expect(!line.contains(Self.canary) && !line.contains(secretPart), "\(line)") }
    }

    private struct ForeignError: Error, CustomStringConvertible { let description = CanaryTests.canary }

    private struct BrokenDirectory: CustomerDirectory {
        var error: any Error

        func customer(id: String, recentEvents: Int) async throws -> CustomerRecord? { throw self.error }
        func customerIDs(after id: String?, limit: Int) async throws -> [String] { [] }
        func customerCount() async throws -> Int { 0 }
        func importCustomers(_ customers: [CustomerState]) async throws -> Int { 0 }
    }

    @Test(
        "a failure of the server is logged with its request id, and with no text that is not ours",
        arguments: [
            (ForeignError() as any Error, 500, "ForeignError"),
            (ChurnError(.storeUnavailable, .retry, during: "read a customer"), 503, "read a customer"),
        ])
    func failures(error: any Error, status: Int, name: String) async throws {
        let lines = Locked<[String]>([])
        var logger = Logger(label: "test") { _ in KeepingLogHandler(lines: lines) }
        logger.logLevel = .debug
        let answered = Locked<Answer?>(nil)
        try await ServeHarness.run(customers: BrokenDirectory(error: error), logger: logger) { server in
            let answer = try await server.request("/api/customer/a")
            answered.withLock { $0 = answer }
        }
        let answer = try #require(answered.withLock { $0 })
        #expect(answer.status == status)
        let logged = lines.withLock { $0 }.filter { $0.contains("A request failed") }
        #expect(logged.count == 1 && logged[0].contains(name) && !logged[0].contains(Self.canary), "\(logged)")
        let parts = try #require(logged.first).split(whereSeparator: { !$0.isHexDigit }).filter { $0.count == 16 }
        #expect(parts.contains { answer.body.contains($0) }, "\(logged) \(answer.body)")
    }

    @Test("what is configured as a secret is not shown by what holds it")
    func configured() async throws {
        let secret = Array("\(Self.canary) and more than thirty-two bytes".utf8)
        let configuration = JWTConfiguration(issuer: "i", audience: "a", secret: Secret(secret))
        let authenticator = try await JWTAuthenticator(configuration)
        let made = APIKey.make(name: "n", roles: [.viewer], now: TestTokens.now)
        var shown =
            "\(configuration) \(authenticator) \(made)" + String(reflecting: (configuration, authenticator, made))
        dump((configuration, authenticator, made), to: &shown)
        #expect(!shown.contains(Self.canary) && !shown.contains("\(secret.prefix(8))".dropLast()))
        let key = made.key.withExposedValue { $0 }
        #expect(!shown.contains(key.suffix(64)))
        var short = configuration
        short.secret = Secret(Array(Self.canary.utf8))
        let error = await #expect(throws: ChurnError.self) { try await JWTAuthenticator(short) }
        #expect(String(reflecting: error).contains("32 bytes") && !String(reflecting: error).contains(Self.canary))
    }
}
