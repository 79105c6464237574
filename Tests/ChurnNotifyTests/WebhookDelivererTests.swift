import ChurnCore
import ChurnInsight
import ChurnServe
import NIOHTTP1
import Testing

@testable import ChurnNotify

@Suite("Webhooks are notified of customers who become at risk", .timeLimit(.minutes(2)))
struct WebhookDelivererTests {
    @Test("a message is signed, names its delivery and is written down as delivered")
    func delivered() async throws {
        let scene = WebhookScene()
        try await WebhookReceiver.with { receiver in
            try await scene.run([WebhookScene.generic(receiver)]) { _ in
                try await scene.raise(["a"])
                let line = try #require(try await scene.finished(1).first)
                let message = try #require(receiver.messages.first)
                #expect(message.path == "/hook?token=canary-url")
                #expect(message.headers["content-type"] == ["application/json"])
                let signature = try #require(message.headers.first(name: WebhookSignature.header))
                let now = CaseDependencies(store: scene.store).now()
                #expect(WebhookSignature.isValid(signature, of: message.body, secret: WebhookScene.secret, at: now))
                let body = String(decoding: message.body, as: UTF8.self)
                #expect(
                    body == """
                        {"type":"customer_at_risk","delivery_key":"\(message.key)","alert_id":1000,"customer_id":"a",\
                        "churn_probability":0.8125,"churn_risk":"High","reasons":[],"event_type":"contract_downgrade",\
                        "event_timestamp":"2026-01-01T00:00:00.250000Z","details":null}
                        """)
                #expect(line.key == message.key && message.key.count == 32)
                #expect(line.eventID == 1_000 && line.status == .delivered && line.httpStatus == 200)
                #expect(line.attempts == 1 && line.error == nil && line.finishedAt != nil)
                #expect(receiver.messages.count == 1)
            }
        }
    }

    @Test("updates that put no customer at risk, and those from before the webhook, are not delivered")
    func silent() async throws {
        let scene = WebhookScene()
        try await scene.raise(["old"])
        try await WebhookReceiver.with { receiver in
            try await scene.run([WebhookScene.generic(receiver)]) { _ in
                try await scene.raise(["b"], becameAtRisk: false)
                try await scene.raise(["c"])
                let lines = try await scene.finished(1)
                #expect(lines.map(\.eventID) == [1_002])
                #expect(receiver.messages.count == 1)
            }
        }
    }

    @Test(
        "a failing attempt is repeated with the same key and the same bytes until it succeeds",
        arguments: [
            [.status(500), .status(503), .status(404)], [.hangUp, .hangUp], [.silence],
            [.status(302, headers: [("Location", "http://127.0.0.1:1/")])],
            [.status(500, text: "canary", times: 100_000)],
        ] as [[WebhookReceiver.Reply]])
    func repeated(_ failures: [WebhookReceiver.Reply]) async throws {
        let scene = WebhookScene()
        var configuration = WebhookScene.quick
        configuration.requestTimeout = .seconds(2)
        let metrics = PrometheusMetricsFactory()
        try await WebhookReceiver.with({ number, _ in number < failures.count ? failures[number] : .status(204) }) {
            receiver in
            try await scene.run([WebhookScene.generic(receiver)], configuration: configuration, metrics: metrics) { _ in
                try await scene.raise(["a"])
                let line = try #require(try await scene.finished(1).first)
                #expect(line.status == .delivered && line.httpStatus == 204)
                // A connection that ended may be found dead before it is used, which counts as an attempt too.
                #expect(line.attempts >= failures.count + 1)
                let messages = receiver.messages
                #expect(messages.count == failures.count + 1)
                #expect(Set(messages.map(\.key)).count == 1 && Set(messages.map(\.body)).count == 1)
            }
        }
        #expect(metrics.text().contains(#"outcome="retried""#))
    }

    @Test("the log keeps a short reason of the last failure, and nothing that a receiver said")
    func lastError() async throws {
        for (reply, error, status) in [
            (WebhookReceiver.Reply.status(500, text: "canary"), "http_status", 500), (.silence, "timeout", nil),
            (.hangUp, "closed", nil), (.status(307, headers: [("Location", "canary")]), "redirect", 307),
        ] as [(WebhookReceiver.Reply, String, Int?)] {
            let scene = WebhookScene()
            var configuration = WebhookScene.quick
            configuration.requestTimeout = .seconds(2)
            configuration.maximumAttempts = 2
            try await WebhookReceiver.with({ _, _ in reply }) { receiver in
                try await scene.run([WebhookScene.generic(receiver)], configuration: configuration) { _ in
                    try await scene.raise(["a"])
                    let line = try #require(try await scene.finished(1).first)
                    #expect(line.status == .failed && line.error == error && line.httpStatus == status)
                    // A connection that ended may be found dead before it is used, which counts as an attempt too.
                    #expect(line.attempts == 2 && (1...2).contains(receiver.messages.count))
                }
            }
        }
    }

    @Test("a receiver that is not there, or says that it is gone, is given up")
    func givenUp() async throws {
        let scene = WebhookScene()
        var configuration = WebhookScene.quick
        configuration.maximumAttempts = 3
        configuration.requestTimeout = .seconds(10)
        // A port that no test is given.
        let nowhere = try Webhook(name: "nowhere", kind: .slack, url: Secret("http://127.0.0.1:1/"))
        try await WebhookReceiver.with({ _, _ in .status(410) }) { receiver in
            try await scene.run([nowhere, WebhookScene.generic(receiver)], configuration: configuration) { _ in
                try await scene.raise(["a"])
                let lines = try await scene.finished(2)
                let gone = try #require(lines.first { $0.webhook == "generic" })
                #expect(gone.status == .failed && gone.error == "gone" && gone.attempts == 1)
                let absent = try #require(lines.first { $0.webhook == "nowhere" })
                #expect(absent.status == .failed && absent.error == "unreachable" && absent.attempts == 3)
            }
        }
    }

    @Test("a receiver that says when to come again is not asked before")
    func retryAfter() async throws {
        let scene = WebhookScene()
        try await WebhookReceiver.with({ number, _ in
            number == 0 ? .status(429, headers: [("Retry-After", "1")]) : .status(200)
        }) { receiver in
            try await scene.run([WebhookScene.generic(receiver)]) { _ in
                try await scene.raise(["a"])
                _ = try await scene.finished(1)
                let times = receiver.messages.map(\.time)
                try #require(times.count == 2)
                #expect(times[0].duration(to: times[1]) >= .milliseconds(950))
            }
        }
    }

    @Test("an answer whose end never comes counts by its status")
    func unfinishedAnswer() async throws {
        let scene = WebhookScene()
        var configuration = WebhookScene.quick
        configuration.requestTimeout = .milliseconds(2500)
        configuration.maximumAttempts = 1
        try await WebhookReceiver.with({ _, _ in .unfinished(status: 200) }) { receiver in
            try await scene.run([WebhookScene.generic(receiver)], configuration: configuration) { _ in
                try await scene.raise(["a"])
                let line = try #require(try await scene.finished(1).first)
                #expect(line.status == .delivered && line.httpStatus == 200)
            }
        }
    }

    @Test("no more than the configured number are on their way at once, and a slow webhook delays no other")
    func inFlight() async throws {
        let scene = WebhookScene()
        var configuration = WebhookScene.quick
        configuration.maximumInFlight = 3
        let customers = (0..<20).map { "C\($0)" }
        try await WebhookReceiver.with({ _, _ in .late(.milliseconds(20), status: 200) }) { receiver in
            try await WebhookReceiver.with({ _, _ in .silence }) { stuck in
                let slow = try Webhook(name: "stuck", kind: .slack, url: stuck.url)
                try await scene.run([slow, WebhookScene.generic(receiver)], configuration: configuration) { _ in
                    try await scene.raise(customers)
                    _ = try await scene.finished(20)
                    #expect(receiver.mostOpen <= 3 && stuck.mostOpen <= 3)
                    #expect(Set(receiver.messages.map(\.key)).count == 20 && receiver.messages.count == 20)
                }
            }
        }
    }
}
