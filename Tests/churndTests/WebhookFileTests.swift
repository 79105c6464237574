import ChurnCore
import ChurnMemory
import ChurnNotify
import Testing

@testable import churnd

@Suite("A file of webhooks")
struct WebhookFileTests {
    @Test("names several, each with its own address, secret and format")
    func several() throws {
        let file = try ConfigurationSample(
            """
            webhooks:
              crm:
                url: https://crm.example/hook
                secret: 0123456789abcdef
              chat-2:
                url: https://hooks.example/x
                format: slack
              data:
                url: http://127.0.0.1:9/x
                secret: "fedcba9876543210"
                format: churn

            """)
        let webhooks = try WebhookFile(path: file.path).webhooks
        #expect(webhooks.map(\.name) == ["crm", "chat-2", "data"])
        #expect(webhooks.map(\.kind) == [.generic, .slack, .generic])
    }

    @Test(
        "is refused with the line of each fault, and without any value",
        arguments: [
            ("", 0, "not a section `webhooks`"), ("webhooks: {}\n", 1, "not a section `webhooks`"),
            ("hooks:\n  a: {url: https://canary.example}\n", 1, "not a section `webhooks`"),
            ("webhooks:\n  A b:\n    url: https://canary.example\n", 2, "name is not of"),
            ("webhooks:\n  a: canary\n", 2, "`a` is not a section"),
            ("webhooks:\n  a:\n    secret: canary-0123456789\n", 2, "`a` has no url"),
            ("webhooks:\n  a:\n    url: https://canary.example\n    token: canary\n", 4, "unknown field"),
            ("webhooks:\n  a:\n    url: [canary]\n    format: slack\n", 3, "`a.url` is not a text"),
            ("webhooks:\n  a:\n    url: https://canary.example\n    format: canary\n", 2, "format of `a` is not known"),
            ("webhooks:\n  a:\n    url: https://canary.example\n", 2, "needs a secret"),
            ("webhooks:\n  a:\n    url: https://canary.example\n    secret: canary\n", 2, "needs a secret"),
            ("webhooks:\n  a:\n    url: http://canary.example\n    format: slack\n", 2, "must be reached by https"),
            ("webhooks:\n  a: &x\n    url: https://canary.example\n  b: *x\n", 4, "aliases"),
            ("webhooks:\n  a:\n   url: x\n  url: [\n", 0, ""),
        ])
    func refused(_ text: String, _ line: Int, _ says: String) throws {
        let file = try ConfigurationSample(text)
        let error = try #require(#expect(throws: ConfigurationError.self) { try WebhookFile(path: file.path) })
        let described = "\(error)"
        #expect(described.contains(says) && !described.contains("canary"), "\(described)")
        if line > 0 { #expect(described.contains("\(file.path):\(line): "), "\(described)") }
    }

    @Test("has at most 20, and the names of the single keys are taken")
    func bounds() throws {
        func text(_ count: Int) -> String {
            "webhooks:\n" + (0..<count).map { "  h\($0): {url: 'http://127.0.0.1:9/x', format: slack}\n" }.joined()
        }
        let limit = try ConfigurationSample(text(20))
        #expect(try WebhookFile(path: limit.path).webhooks.count == 20)
        let more = try ConfigurationSample(text(21))
        #expect(throws: ConfigurationError.self) { try WebhookFile(path: more.path) }
        #expect(throws: ConfigurationError.self) { try WebhookFile(path: "/nowhere.yaml") }
        let taken = try ConfigurationSample("webhooks:\n  slack: {url: 'http://127.0.0.1:9/x', format: slack}\n")
        let deployment = try Deployment([
            Settings.all.webhookFile.key: taken.path, Settings.all.webhookSlackUrl.key: "http://127.0.0.1:9/x",
        ])
        #expect(throws: ChurnError.self) { try deployment.webhooks(over: InMemoryStore(domain: .telco)) }
        let alone = try Deployment([Settings.all.webhookFile.key: taken.path])
        #expect(try alone.webhooks(over: InMemoryStore(domain: .telco)) != nil)
    }
}
