public import ChurnCore
import Foundation

/// Another system that is notified when a customer becomes at risk.
///
/// Prints without its address and its secret: an address may hold a token.
public struct Webhook: Sendable, CustomStringConvertible {
    /// The format that the receiver understands.
    public enum Kind: Hashable, Sendable {
        /// Our own JSON, signed.
        case generic
        /// Slack's, or that of a chat that takes the same: a text.
        case slack
    }

    /// Names it in the delivery log, in metrics and in the stored progress.
    public let name: String
    /// The format that the receiver understands.
    public let kind: Kind
    let url: Secret<String>
    let secret: Secret<String>?

    /// The shortest secret that is taken, in bytes.
    public static let minimumSecretBytes = 16

    /// Creates a webhook.
    ///
    /// - Parameters:
    ///   - name: names it; another name begins again.
    ///   - kind: what the receiver understands.
    ///   - url: where it listens: https, or http on this machine. It must come from configuration, never from a
    ///     request: whoever chooses it chooses what this machine talks to.
    ///   - secret: what messages are signed with; a generic webhook needs one of 16 bytes or more.
    /// - Throws: `invalidConfiguration`, without the address and the secret.
    public init(name: String, kind: Kind, url: Secret<String>, secret: Secret<String>? = nil) throws {
        self.name = name
        self.kind = kind
        self.url = url
        self.secret = secret
        if let fault = url.withExposedValue(Self.fault(in:)) { throw Self.invalid(name, fault) }
        let bytes = secret?.withExposedValue { $0.utf8.count } ?? 0
        if kind == .generic || secret != nil, bytes < Self.minimumSecretBytes {
            throw Self.invalid(name, "needs a secret of at least \(Self.minimumSecretBytes) bytes to sign with")
        }
    }

    /// The webhook's name.
    public var description: String { "Webhook \(self.name)" }

    private static func fault(in url: String) -> String? {
        guard let parts = URLComponents(string: url), let scheme = parts.scheme?.lowercased(), let host = parts.host,
            !host.isEmpty, parts.fragment == nil, url.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F })
        else { return "needs an address of the form https://host/path" }
        guard parts.user == nil, parts.password == nil else { return "has a user in its address; that is not sent" }
        switch scheme {
        case "https": return nil
        case "http":
            return LoopbackAddress.contains(host) ? nil : "must be reached by https, unless it is on this machine"
        default: return "must be reached by https"
        }
    }

    private static func invalid(_ name: String, _ fault: String) -> ChurnError {
        ChurnError(
            .invalidConfiguration, .fatal, during: "configure a webhook", advice: "the webhook `\(name)` \(fault)")
    }
}
