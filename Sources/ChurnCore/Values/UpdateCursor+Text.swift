/// Text form: `1.` and base64url of the body. The body holds, after a 32-bit checksum of the rest: the number of
/// streams; for each its cluster, topic and epoch, the number of its partitions; for each the partition (as the
/// difference to the one before it) and the last number seen. Integers are variable-length, texts carry their length.
extension UpdateCursor {
    /// The longest text that is parsed, in bytes.
    public static let maximumTextBytes = 12 * 1024

    /// The cursor as a text to resume from: compact, safe in a URL, the same for equal cursors.
    public var text: String {
        let byStream = Dictionary(grouping: self.seen.filter { $0.value >= 0 && $0.key.partition >= 0 }) {
            $0.key.stream
        }
        let streams = byStream.values
            .map { entries in entries.sorted { $0.key < $1.key } }
            .sorted { $0[0].key < $1[0].key }
        var body = CursorBytes()
        body.append(UInt64(streams.count))
        for entries in streams {
            let stream = entries[0].key.stream
            body.append(stream.name.cluster)
            body.append(stream.name.topic)
            body.append(UInt64(UInt32(bitPattern: stream.epoch)))
            body.append(UInt64(entries.count))
            var last: Int32 = 0
            for (key, number) in entries {
                body.append(UInt64(key.partition - last))
                body.append(UInt64(number))
                last = key.partition
            }
        }
        return "1." + Base64URL.encode(CursorBytes.checksum(body.bytes[...]) + body.bytes)
    }

    /// Reads a cursor's text; nil for anything that ``text`` does not produce, whatever it is.
    public init?(text: String) {
        let utf8 = text.utf8
        guard utf8.count <= Self.maximumTextBytes, text.hasPrefix("1."),
            let bytes = Base64URL.decode(utf8.dropFirst(2)), bytes.count > 4,
            Array(bytes[..<4]) == CursorBytes.checksum(bytes[4...])
        else { return nil }
        var reader = CursorReader(bytes: bytes[4...])
        guard let seen = reader.readPositions(), reader.bytes.isEmpty else { return nil }
        self.init(seen: seen)
        // One cursor has one text: what was not written by `text` is refused.
        guard self.text == text else { return nil }
    }
}

/// Appends integers and texts to bytes.
private struct CursorBytes {
    var bytes: [UInt8] = []

    mutating func append(_ value: UInt64) {
        var rest = value
        while rest >= 0x80 {
            self.bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        self.bytes.append(UInt8(rest))
    }

    mutating func append(_ text: String) {
        self.append(UInt64(text.utf8.count))
        self.bytes.append(contentsOf: text.utf8)
    }

    /// FNV-1a: finds a text that was cut or mistyped; it protects against no one.
    static func checksum(_ bytes: ArraySlice<UInt8>) -> [UInt8] {
        var hash: UInt32 = 2_166_136_261
        for byte in bytes { hash = (hash ^ UInt32(byte)) &* 16_777_619 }
        return (0..<4).map { UInt8(truncatingIfNeeded: hash >> (8 * $0)) }
    }
}

/// Reads what `CursorBytes` wrote, from bytes that anyone may have made.
private struct CursorReader {
    var bytes: ArraySlice<UInt8>

    mutating func readInteger(upTo maximum: UInt64) -> UInt64? {
        var value: UInt64 = 0
        for shift in stride(from: UInt64(0), through: 63, by: 7) {
            guard let byte = self.bytes.popFirst() else { return nil }
            let part = UInt64(byte & 0x7F)
            guard (part << shift) >> shift == part else { return nil }
            value |= part << shift
            if byte < 0x80 { return value <= maximum ? value : nil }
        }
        return nil
    }

    mutating func readText() -> String? {
        guard let count = self.readInteger(upTo: UInt64(self.bytes.count)) else { return nil }
        let part = self.bytes.prefix(Int(count))
        self.bytes = self.bytes.dropFirst(Int(count))
        return part.count == Int(count) ? String(validating: part, as: UTF8.self) : nil
    }

    mutating func readPositions() -> [StreamPartition: Int64]? {
        var seen: [StreamPartition: Int64] = [:]
        guard let streams = self.readInteger(upTo: UInt64(self.bytes.count)) else { return nil }
        for _ in 0..<streams {
            guard let cluster = self.readText(), let topic = self.readText(),
                let epoch = self.readInteger(upTo: UInt64(UInt32.max)),
                let count = self.readInteger(upTo: UInt64(self.bytes.count))
            else { return nil }
            let stream = StreamIdentity(
                name: StreamName(cluster: cluster, topic: topic), epoch: Int32(bitPattern: UInt32(epoch)))
            var partition: UInt64 = 0
            for _ in 0..<count {
                guard let step = self.readInteger(upTo: UInt64(Int32.max) - partition),
                    let number = self.readInteger(upTo: UInt64(Int64.max))
                else { return nil }
                partition += step
                let key = StreamPartition(stream: stream, partition: Int32(partition))
                guard seen.updateValue(Int64(number), forKey: key) == nil else { return nil }
            }
        }
        return seen
    }
}
