public import ChurnCore
import ChurnInsight
import NIOSSL

/// The configuration of webhooks.
public struct WebhookConfiguration: Sendable {
    /// The most attempts of one delivery; then it is marked as failed.
    public var maximumAttempts = 20
    /// The most deliveries of one webhook that are on their way at once.
    public var maximumInFlight = 4
    /// The time that one attempt may take.
    public var requestTimeout: Duration = .seconds(10)
    /// The time for which a node keeps a delivery to itself; after that it counts as dead.
    ///
    /// Longer than `requestTimeout`, or a delivery would be on its way twice.
    public var lease: Duration = .seconds(60)
    /// The wait after a failed attempt: between nothing and twice as long each time.
    public var backoff = Backoff(initial: .seconds(2), maximum: .seconds(3_600), jitter: 1)
    /// The longest wait that a receiver can ask for.
    public var longestRetryAfter: Duration = .seconds(3_600)
    /// The interval at which the update log is read.
    public var pollInterval: Duration = .milliseconds(500)

    /// A file in PEM with certificates of authorities that are trusted besides the system's.
    public var trustedCertificates: String?

    /// Creates the default configuration.
    public init() {}

    /// Checks what can be checked before anything is sent.
    ///
    /// - Throws: `invalidConfiguration` that names the file of authorities where it cannot be used.
    public func validate() throws { _ = try self.trustRoots() }

    /// The authorities that are trusted besides the system's.
    func trustRoots() throws -> [NIOSSLAdditionalTrustRoots] {
        guard let path = self.trustedCertificates else { return [] }
        do {
            try RegularFile.check(path)
            return [.certificates(try NIOSSLCertificate.fromPEMFile(path))]
        } catch {
            throw ChurnError(
                .invalidConfiguration, .fatal, during: "configure webhooks",
                advice: "\(path) cannot be read, or holds no certificates in PEM")
        }
    }

    /// Returns the result for a delivery after an attempt.
    func result(of outcome: WebhookOutcome, attempt: Int) -> DeliveryResult {
        var pause = self.backoff.delay(after: attempt)
        let (status, error): (Int?, String?)
        switch outcome {
        case .failed(let name): (status, error) = (nil, name)
        case .answered(let code, let retryAfter):
            if (200..<300).contains(code) { return DeliveryResult(.delivered, httpStatus: code) }
            // The receiver says that it will never come back.
            if code == 410 { return DeliveryResult(.failed, httpStatus: code, error: "gone") }
            (status, error) = (code, (300..<400).contains(code) ? "redirect" : "http_status")
            if let retryAfter { pause = max(pause, min(retryAfter, self.longestRetryAfter)) }
        }
        let next: DeliveryResult.Next = attempt < self.maximumAttempts ? .retry(after: pause) : .failed
        return DeliveryResult(next, httpStatus: status, error: error)
    }
}

/// The outcome of one attempt.
enum WebhookOutcome: Equatable, Sendable {
    /// The receiver answered; and said when to come again, where it did.
    case answered(status: Int, retryAfter: Duration?)
    /// It did not; the name is one of few.
    case failed(String)
}
