import ChurnCore
import ChurnInsight
import NIOSSL
import ServeTestSupport
import Testing

@testable import ChurnNotify
@testable import ChurnServe

@Suite(
    "Webhooks over TLS", .timeLimit(.minutes(2)), .enabled(if: TestAuthority.isThere, TestAuthority.absence))
struct WebhookTLSTests {
    @Test("a receiver whose certificate is of a named authority is notified; any other gets nothing")
    func ownAuthority() async throws {
        let authority = try TestAuthority()
        let tls = try NIOSSLContext.server(authority.files())
        try await WebhookReceiver.with(tls: tls) { receiver in
            let webhook = try Webhook(
                name: "generic", kind: .generic, url: Secret("https://localhost:\(receiver.port)/hook"),
                secret: WebhookScene.secret)
            let cases: [(String?, Delivery.Status)] = [(nil, .failed), (authority.certificatePath, .delivered)]
            for (trusted, status) in cases {
                let scene = WebhookScene()
                var configuration = WebhookScene.quick
                configuration.maximumAttempts = 1
                configuration.trustedCertificates = trusted
                try await scene.run([webhook], configuration: configuration) { _ in
                    try await scene.raise(["a"])
                    let line = try #require(try await scene.finished(1).first)
                    #expect(line.status == status)
                    #expect(receiver.messages.count == (trusted == nil ? 0 : 1))
                }
            }
        }
    }

    @Test("a file of authorities that cannot be read is named before anything is sent")
    func badFile() throws {
        var configuration = WebhookConfiguration()
        configuration.trustedCertificates = "/nowhere.pem"
        let error = #expect(throws: ChurnError.self) { try configuration.validate() }
        #expect(error?.code == .invalidConfiguration && error?.advice.contains("/nowhere.pem") == true)
    }
}
