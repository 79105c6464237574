import ChurnCore
import ChurnInsight
import Logging
import Testing

@testable import ChurnNotify

// Made with Python's hmac.
private let signature =
    "t=1767225600,v1=5d91ed1ad3a14b5b5cefaab47117f0afa1654e5241fa27d18b5f43d5af0a8345"

@Suite("What webhooks are sent")
struct WebhookMessageTests {
    private static let body = Array(#"{"a":1}"#.utf8)
    private static let secret = Secret("0123456789abcdef-secret")
    private static let time = Timestamp(microseconds: 1_767_225_600_900_000)

    @Test("the signature is the HMAC-SHA256 of time and body")
    func value() {
        #expect(WebhookSignature.value(of: Self.body, secret: Self.secret, at: Self.time) == signature)
    }

    @Test(
        "a signature holds for its body, its secret and five minutes",
        arguments: [
            (signature, #"{"a":1}"#, 0, true), (signature, #"{"a":1}"#, 298, true),
            (signature, #"{"a":1}"#, 301, false), (signature, #"{"a":1}"#, -302, false),
            (signature, #"{"a":2}"#, 0, false), (signature + "0", #"{"a":1}"#, 0, false),
            (signature.replacing("1767225600", with: "1767225601"), #"{"a":1}"#, 0, false),
            ("", #"{"a":1}"#, 0, false), ("t=,v1=", #"{"a":1}"#, 0, false), ("t=1e9,v1=00", #"{"a":1}"#, 0, false),
            ("t=9223372036854775807,v1=00", #"{"a":1}"#, 0, false),
        ])
    func validity(_ value: String, _ body: String, _ seconds: Int, _ isValid: Bool) {
        let now = Self.time.advanced(by: .seconds(seconds))
        #expect(WebhookSignature.isValid(value, of: Array(body.utf8), secret: Self.secret, at: now) == isValid)
        #expect(!WebhookSignature.isValid(value, of: Array(body.utf8), secret: Secret("another"), at: now))
    }

    @Test("a frame is read as the pipeline encodes it, and one that only quotes its text is not")
    func notices() throws {
        let frame = WebhookScene.frame("a \"b\"", number: 7, eventID: 12, details: "Switched\nnow")
        #expect(
            try RiskNotice.read(frame[...])
                == RiskNotice(
                    eventID: 12, customerID: "a \"b\"", eventType: "contract_downgrade",
                    eventTime: Timestamp(microseconds: 1_767_225_600_250_000), details: "Switched\nnow",
                    probability: 0.8125, band: "High"))
        let other = WebhookScene.frame("a", number: 7, eventID: 12, becameAtRisk: false)
        #expect(try RiskNotice.read(other[...]) == nil)
        let quoting = WebhookScene.frame(
            "a", number: 7, eventID: 12, becameAtRisk: false, extra: #","note":{"became_at_risk":true}"#)
        #expect(try RiskNotice.read(quoting[...]) == nil)
    }

    @Test(
        "text from elsewhere makes no link, no mention and no new line in Slack",
        arguments: [
            ("<!channel> & <http://x|y>", "&lt;!channel&gt; &amp; &lt;http://x|y&gt;"),
            ("a\nb\u{2028}c\u{7}", "a b c "),
            ("\u{202E}gnp", " gnp"), ("ü 😀", "ü 😀"),
            (String(repeating: "x", count: 41), String(repeating: "x", count: 40) + "…"),
        ])
    func slackText(_ text: String, _ expected: String) {
        #expect(SlackText.plain(text, limit: 40) == expected)
    }

    @Test("a Slack message says in plain text who is at risk, how much and why")
    func slackMessage() throws {
        let webhook = try Webhook(name: "slack", kind: .slack, url: Secret("https://hooks.slack.com/services/T/B/x"))
        let notice = try #require(
            try RiskNotice.read(WebhookScene.frame("7590-VHVEG", number: 7, eventID: 12, details: "<now>")[...]))
        #expect(
            String(decoding: webhook.delivery(of: notice).body, as: UTF8.self) == """
                {"text":"Customer 7590-VHVEG is at risk of leaving: churn probability 81.3% (High) after contract \
                downgrade: &lt;now&gt; (alert 12)","mrkdwn":false}
                """)
    }

    @Test("the first reason stands before the event, which is the occasion")
    func reasons() throws {
        let slack = try Webhook(name: "slack", kind: .slack, url: Secret("https://hooks.slack.com/services/T/B/x"))
        let plain = try Webhook(
            name: "hook", kind: .generic, url: Secret("https://x.example/"), secret: Secret("canary-0123456789"))
        let schema = Domain.telco.schema
        let frame = WebhookScene.frame(
            "a", number: 7, eventID: 12, details: "now",
            reasons: [
                Reason(feature: try #require(schema.index(of: "Contract")), contribution: 1.5),
                Reason(feature: try #require(schema.index(of: "tenure")), contribution: -0.5),
            ])
        let notice = try #require(try RiskNotice.read(frame[...]))
        let text = String(decoding: slack.delivery(of: notice).body, as: UTF8.self)
        #expect(
            text.contains(
                "(High) – Unknown contract raises the risk most – after contract downgrade: now (alert 12)"))
        let body = String(decoding: plain.delivery(of: notice).body, as: UTF8.self)
        #expect(
            body.contains(
                #""reasons":["Unknown contract raises the risk most","Unknown tenure lowers the risk"],"event_type""#
            ))
    }

    @Test(
        "an address that is not safe is refused, and the refusal does not show it",
        arguments: [
            ("http://hooks.example.com/canary", "https"), ("ftp://localhost/canary", "https"), ("canary", "form"),
            ("https:///canary", "form"), ("https://user:canary@x.example/", "user"),
            ("http://127.evil.example/", "https"),
            ("https://x.example/#canary", "form"), ("https://x.example/\ncanary", "form"), ("", "form"),
            ("http://10.0.0.1/", "https"), ("unix:///canary", "form"),
        ])
    func addresses(_ url: String, _ says: String) {
        let error = #expect(throws: ChurnError.self) {
            try Webhook(name: "hook", kind: .slack, url: Secret(url))
        }
        #expect(error?.code == .invalidConfiguration)
        #expect(error?.advice.contains(says) == true, "\(error?.advice ?? "")")
        #expect(error.map { !String(reflecting: $0).contains("canary") } == true)
    }

    @Test("a webhook never shows its address or its secret, and signs with no short one")
    func secrets() throws {
        for url in ["https://x.example/canary", "http://127.0.0.1:80/canary", "http://[::1]/", "http://localhost:9/"] {
            let webhook = try Webhook(
                name: "hook", kind: .generic, url: Secret(url), secret: Secret("canary-0123456789"))
            var shown = "\(webhook)" + String(reflecting: webhook)
            dump(webhook, to: &shown)
            #expect(!shown.contains("canary"))
        }
        for secret in [nil, Secret(""), Secret("short")] {
            #expect(throws: ChurnError.self) {
                try Webhook(name: "hook", kind: .generic, url: Secret("https://x.example/"), secret: secret)
            }
        }
    }

    @Test("an attempt that failed is repeated after a longer and longer time, at most so often")
    func policy() {
        var configuration = WebhookConfiguration()
        configuration.backoff = Backoff(initial: .seconds(2), maximum: .seconds(60), jitter: 0)
        configuration.maximumAttempts = 10
        func next(_ outcome: WebhookOutcome, _ attempt: Int) -> DeliveryResult.Next {
            configuration.result(of: outcome, attempt: attempt).next
        }
        #expect(next(.failed("timeout"), 1) == .retry(after: .seconds(2)))
        #expect(next(.failed("timeout"), 3) == .retry(after: .seconds(8)))
        #expect(next(.failed("timeout"), 9) == .retry(after: .seconds(60)))
        #expect(next(.failed("timeout"), 10) == .failed)
        #expect(next(.answered(status: 204, retryAfter: nil), 10) == .delivered)
        #expect(next(.answered(status: 410, retryAfter: nil), 1) == .failed)
        #expect(next(.answered(status: 429, retryAfter: .seconds(30)), 1) == .retry(after: .seconds(30)))
        #expect(next(.answered(status: 429, retryAfter: .seconds(1)), 3) == .retry(after: .seconds(8)))
        #expect(next(.answered(status: 503, retryAfter: .seconds(99_999)), 1) == .retry(after: .seconds(3_600)))
        let standard = WebhookConfiguration()
        #expect(standard.lease > standard.requestTimeout)
        #expect(standard.backoff.jitter == 1)
    }
}
