public import ChurnCore
public import ChurnInsight
import Crypto

/// The text of an API key: `churn_ID_SECRET`, the id 48 and the secret 256 random bits in hexadecimal.
///
/// The id looks the key up and names it in lists; the word in front lets scanners of source code find leaked keys.
enum APIKeyText {
    static let word = "churn_"
    private static let idLength = 12
    private static let secretLength = 64

    /// The id within a key; nil where the text is no key.
    static func id(in text: String) -> String? {
        let utf8 = Array(text.utf8)
        guard utf8.count == self.word.utf8.count + self.idLength + 1 + self.secretLength, text.hasPrefix(self.word)
        else { return nil }
        let id = utf8.dropFirst(self.word.utf8.count).prefix(self.idLength)
        let rest = utf8.dropFirst(self.word.utf8.count + self.idLength)
        guard rest.first == UInt8(ascii: "_"), (id + rest.dropFirst()).allSatisfy(self.isHexadecimal) else {
            return nil
        }
        return String(decoding: id, as: UTF8.self)
    }

    /// Returns the digest that is kept of a key.
    static func digest(of text: String) -> [UInt8] { Array(SHA256.hash(data: Array(text.utf8))) }

    /// Random bits in hexadecimal, from the system's source for keys.
    static func random(length: Int) -> String {
        SymmetricKey(size: SymmetricKeySize(bitCount: length * 4)).withUnsafeBytes { bytes in
            bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
        }
    }

    static func make() -> String {
        self.word + self.random(length: self.idLength) + "_" + self.random(length: self.secretLength)
    }

    private static func isHexadecimal(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) || (UInt8(ascii: "a")...UInt8(ascii: "f")).contains(byte)
    }
}

extension APIKey {
    /// Makes a key: the record to keep, and the key to show once.
    public static func make(
        name: String, roles: Set<Role>, now: Timestamp, expiry: Timestamp? = nil
    ) -> (record: APIKey, key: Secret<String>) {
        let text = APIKeyText.make()
        let record = APIKey(
            id: APIKeyText.id(in: text) ?? "", name: name, roles: Set(roles.map(\.rawValue)),
            digest: APIKeyText.digest(of: text), created: now, expiry: expiry)
        return (record, Secret(text))
    }
}
