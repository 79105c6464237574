public import ChurnCore
import Crypto
import Foundation

/// Proves to a receiver that a message is ours and when it was sent.
///
/// The header `Churn-Signature: t=SECONDS,v1=HEX` holds the time of the attempt and the HMAC-SHA256 of time, a full
/// stop and body. A receiver refuses what is older than ``replayWindow``.
public enum WebhookSignature {
    /// The header's name.
    public static let header = "Churn-Signature"
    /// The greatest age of a message for a receiver that follows our advice.
    public static let replayWindow: Duration = .seconds(300)

    /// The header's value.
    public static func value(of body: [UInt8], secret: Secret<String>, at now: Timestamp) -> String {
        let seconds = Int64(now.seconds.rounded(.down))
        let key = secret.withExposedValue { SymmetricKey(data: Data($0.utf8)) }
        let code = HMAC<SHA256>.authenticationCode(for: Data("\(seconds).".utf8) + Data(body), using: key)
        let hex = code.map { byte in
            let text = String(byte, radix: 16)
            return byte < 16 ? "0" + text : text
        }
        return "t=\(seconds),v1=\(hex.joined())"
    }

    /// Returns whether a header's value fits a body and is not too old; compares in constant time.
    public static func isValid(_ value: String, of body: [UInt8], secret: Secret<String>, at now: Timestamp) -> Bool {
        let parts = value.split(separator: ",")
        guard parts.count == 2, parts[0].hasPrefix("t="), let seconds = Int64(parts[0].dropFirst(2)),
            let sent = Timestamp(seconds: Double(seconds))
        else { return false }
        guard sent.advanced(by: Self.replayWindow) >= now, sent <= now.advanced(by: Self.replayWindow) else {
            return false
        }
        let expected = Array(Self.value(of: body, secret: secret, at: sent).utf8)
        let given = Array(value.utf8)
        guard given.count == expected.count else { return false }
        return zip(given, expected).reduce(UInt8(0)) { $0 | ($1.0 ^ $1.1) } == 0
    }
}
