/// The form of bytes that are not one JSON object, as far as it can be recognized, for the reason of a dead letter.
///
/// Asked only for what was refused. Each describes the form and what the producer should do instead.
enum PayloadForm {
    /// Returns what the bytes are; nil where nothing is recognized.
    static func description(of bytes: [UInt8]) -> String? {
        if bytes.isEmpty { return "it is empty" }
        if let mark = Self.signatures.first(where: { bytes.starts(with: $0.bytes) }) { return mark.text }
        if bytes.count >= 2, bytes[0] == 0, bytes[1] == UInt8(ascii: "{") { return Self.utf16 }
        if bytes.count >= 2, bytes[0] == UInt8(ascii: "{"), bytes[1] == 0 { return Self.utf16 }
        if bytes.count >= 5, bytes[0] == 0 { return Self.framed }
        if bytes.count >= 2, bytes[0] == 0x78, [0x01, 0x9C, 0xDA].contains(bytes[1]) { return Self.compressed("zlib") }
        guard let first = bytes.firstIndex(where: { ![0x20, 0x09, 0x0A, 0x0D].contains($0) }) else {
            return "it holds white space only"
        }
        switch bytes[first] {
        case UInt8(ascii: "["): return "it is a list; send each event as a record of its own"
        case UInt8(ascii: "<"): return "it looks like XML"
        case UInt8(ascii: "\""):
            let inner = bytes[(first + 1)...].first { ![0x20, 0x09].contains($0) }
            return inner == UInt8(ascii: "{")
                ? "it is JSON within a JSON text: the producer encodes it twice" : "it is a text"
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): return "it begins with a number"
        default:
            let isWord = ["true", "false", "null"].contains { bytes[first...].starts(with: $0.utf8) }
            return isWord ? "it is true, false or null" : nil
        }
    }

    /// Returns what a record's key is that differs from the id; nil where nothing is recognized.
    static func description(ofKey key: [UInt8], for id: String) -> String? {
        if key.elementsEqual([UInt8(ascii: "\"")] + Array(id.utf8) + [UInt8(ascii: "\"")]) {
            return "it is user_id in quotes: the producer's key serializer writes JSON; it should write text"
        }
        if key.isEmpty { return "it is empty" }
        if key.count >= 5, key[0] == 0 { return Self.framed }
        return nil
    }

    /// The names of the members that carry an event in the envelopes of other programs.
    static let envelopes: Set<String> = ["payload", "data", "after", "value"]

    private static let utf16 = "it is UTF-16; send UTF-8"
    private static let framed =
        "it begins with a zero byte and a schema's number, as a schema registry's serializer (Confluent) frames it; "
        + "send plain JSON"
    private static func compressed(_ name: String) -> String {
        "it is compressed by \(name); leave compression to the Kafka producer (compression.type)"
    }

    private static let signatures: [(bytes: [UInt8], text: String)] = [
        ([0xEF, 0xBB, 0xBF], "it begins with a byte order mark; send UTF-8 without"),
        ([0xFF, 0xFE], Self.utf16), ([0xFE, 0xFF], Self.utf16),
        ([0x1F, 0x8B], Self.compressed("gzip")), ([0x28, 0xB5, 0x2F, 0xFD], Self.compressed("zstd")),
        ([0x04, 0x22, 0x4D, 0x18], Self.compressed("LZ4")), ([0x42, 0x5A, 0x68], Self.compressed("bzip2")),
        ([0x82, 0x53, 0x4E, 0x41, 0x50, 0x50, 0x59], Self.compressed("Snappy")),
        ([0xFF, 0x06, 0x00, 0x00, 0x73, 0x4E, 0x61, 0x50, 0x70, 0x59], Self.compressed("Snappy")),
        ([0x50, 0x4B, 0x03, 0x04], Self.compressed("zip")),
        ([0xC3, 0x01], "it is Avro; send plain JSON"),
        ([0x4F, 0x62, 0x6A, 0x01], "it is an Avro file; send plain JSON"),
    ]
}
