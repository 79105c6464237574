import AsyncHTTPClient
import ChurnCore
import ChurnInsight
import Foundation
import NIOCore
import NIOHTTP1
import NIOPosix
import NIOSSL

/// Makes single attempts, and reports their outcome briefly: nothing that a receiver sends goes any further.
struct WebhookSender: Sendable {
    private let client: HTTPClient
    private let timeout: Duration
    private let now: @Sendable () -> Timestamp
    /// The number of bytes that are read of an answer, so that its connection can be used again.
    private static let maximumAnswerBytes = 16 * 1024
    /// The time for which the rest of an answer is awaited.
    private static let longestDrain = Duration.milliseconds(500)

    /// - Parameter trusting: authorities that are trusted besides the system's.
    init(
        timeout: Duration, trusting authorities: [NIOSSLAdditionalTrustRoots] = [],
        now: @escaping @Sendable () -> Timestamp
    ) {
        var configuration = HTTPClient.Configuration()
        var tls = TLSConfiguration.makeClientConfiguration()
        tls.minimumTLSVersion = .tlsv12
        tls.additionalTrustRoots = authorities
        configuration.tlsConfiguration = tls
        // A receiver that could send us on would choose what this machine talks to.
        configuration.redirectConfiguration = .disallow
        configuration.proxy = nil
        configuration.decompression = .disabled
        configuration.httpVersion = .http1Only
        // A receiver that is not there is tried again after the back-off, not at once.
        configuration.connectionPool.retryConnectionEstablishment = false
        configuration.timeout.connect = .nanoseconds(Int64(timeout / .nanoseconds(1)))
        self.client = HTTPClient(
            eventLoopGroup: MultiThreadedEventLoopGroup.singleton, configuration: configuration)
        self.timeout = timeout
        self.now = now
    }

    /// Closes the connections; nothing may be sent afterwards.
    func close() async { try? await self.client.shutdown() }

    /// Sends a delivery; nil where the task was cancelled, so that no one knows what came of it.
    func send(_ content: NewDelivery, to webhook: Webhook) async -> WebhookOutcome? {
        var request = HTTPClientRequest(url: webhook.url.withExposedValue { $0 })
        request.method = .POST
        request.headers = [
            "Content-Type": "application/json", "User-Agent": "churn-webhook/1", "Idempotency-Key": content.key,
        ]
        if let secret = webhook.secret {
            request.headers.add(
                name: WebhookSignature.header,
                value: WebhookSignature.value(of: content.body, secret: secret, at: self.now()))
        }
        request.body = .bytes(ByteBuffer(bytes: content.body))
        do {
            let answer = try await self.client.execute(
                request, timeout: .nanoseconds(Int64(self.timeout / .nanoseconds(1))))
            // What the receiver says counts, whether or not the rest of its answer comes.
            _ = try? await withDeadline(Self.longestDrain) {
                try await answer.body.collect(upTo: Self.maximumAnswerBytes)
            }
            return .answered(status: Int(answer.status.code), retryAfter: Self.retryAfter(answer.headers))
        } catch {
            return Task.isCancelled ? nil : .failed(Self.name(of: error))
        }
    }

    /// The seconds of a Retry-After header; its other form, a date, is rare and left to the back-off.
    private static func retryAfter(_ headers: HTTPHeaders) -> Duration? {
        guard let text = headers.first(name: "Retry-After"), let seconds = Int(text), (0...1_000_000).contains(seconds)
        else { return nil }
        return .seconds(seconds)
    }

    private static func name(of error: any Error) -> String {
        switch error {
        case let error as HTTPClientError:
            switch error {
            case .deadlineExceeded, .readTimeout, .connectTimeout, .tlsHandshakeTimeout, .writeTimeout,
                .getConnectionFromPoolTimeout:
                "timeout"
            case .remoteConnectionClosed: "closed"
            default: "failed"
            }
        case is NIOConnectionError, is IOError: "unreachable"
        default: "failed"
        }
    }
}
