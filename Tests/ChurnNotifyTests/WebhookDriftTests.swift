import ChurnCore
import ChurnInsight
import ChurnMemory
import Testing

@testable import ChurnNotify

@Suite("Webhooks are notified of drift", .timeLimit(.minutes(2)))
struct WebhookDriftTests {
    @Test("once by however many nodes, and once when it is over")
    func once() async throws {
        let scene = WebhookScene()
        let now = Timestamp.systemNow()
        let found = try await scene.store.beginDrift(
            of: "m", columns: ["tenure", "score"], window: .hour, at: now.advanced(by: .seconds(-60)))
        let episode = try #require(found)
        // What ended long ago is not news.
        let past = now.advanced(by: .seconds(-3 * 86_400))
        let old = try #require(try await scene.store.beginDrift(of: "n", columns: ["x"], window: .day, at: past))
        _ = try await scene.store.endDrift(old.id, at: past.advanced(by: .seconds(60)))
        try await WebhookReceiver.with { receiver in
            let webhook = try WebhookScene.generic(receiver)
            try await scene.run([webhook], nodes: 3) { _ in
                _ = try await scene.finished(1)
                let message = try #require(receiver.messages.first)
                #expect(
                    String(decoding: message.body, as: UTF8.self) == """
                        {"type":"model_drift","delivery_key":"\(message.key)","drift_id":1,"model_version":"m",\
                        "columns":["tenure","score"],"window":"hour","began_at":"\(episode.began.iso8601)",\
                        "ended_at":null}
                        """)
            }
            _ = try await scene.store.endDrift(episode.id, at: now)
            // Nodes that start again know nothing of what was sent.
            try await scene.run([webhook], nodes: 3) { _ in _ = try await scene.finished(2) }
            let bodies = receiver.messages.map { String(decoding: $0.body, as: UTF8.self) }
            #expect(bodies.count == 2)
            #expect(bodies.last?.hasPrefix(#"{"type":"model_drift_over""#) == true)
            #expect(bodies.last?.contains("\"ended_at\":\"\(now.iso8601)\"") == true)
        }
    }

    @Test("a chat learns which columns moved, without marks of its own")
    func slack() throws {
        let webhook = try Webhook(name: "slack", kind: .slack, url: Secret("https://hooks.example/x"))
        let episode = DriftEpisode(
            id: 4, version: "m<1>", columns: ["tenure", "a&b"], window: .day, began: Timestamp(microseconds: 0))
        let body = webhook.delivery(of: DriftNotice(episode: episode, isOver: false)).body
        let text = String(decoding: body, as: UTF8.self)
        #expect(text.contains("m&lt;1&gt;") && text.contains("tenure, a&amp;b") && text.contains("drift 4"))
    }
}
