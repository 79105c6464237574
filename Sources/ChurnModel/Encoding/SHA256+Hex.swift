import Crypto

extension SHA256 {
    /// The digest of these bytes in lower-case hexadecimal.
    static func hex(of bytes: some Sequence<UInt8>) -> String {
        var hash = SHA256()
        hash.update(data: Array(bytes))
        return hash.finalize().hex
    }

    /// The digest of texts, each with its length, so that no two lists give the same bytes.
    static func hex(of texts: [String]) -> String {
        Self.hex(of: texts.flatMap { Array("\($0.utf8.count):\($0),".utf8) })
    }
}

extension SHA256Digest {
    /// The digest in lower-case hexadecimal.
    var hex: String {
        self.map { byte in (byte < 16 ? "0" : "") + String(byte, radix: 16) }.joined()
    }
}
