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
        var body = CompactBytes()
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
        return "1." + Base64URL.encode(CompactBytes.checksum(body.bytes[...]) + body.bytes)
    }

    /// Reads a text that a client sent; nil for anything that ``text`` does not produce, whatever it is, and for one
    /// that is longer than ``maximumTextBytes``.
    public init?(text: String) {
        guard text.utf8.count <= Self.maximumTextBytes else { return nil }
        self.init(wholeText: text)
    }

    /// Reads a text that was stored, however long it is.
    ///
    /// - Throws: where it is none. Where a reader stands is then not known: to go on as if it had never begun would
    ///   leave out what came since.
    public init(stored text: String) throws {
        guard let cursor = Self(wholeText: text) else {
            throw ChurnError(
                .stateUnreadable, .retry, during: "read a stored cursor of updates",
                advice: "What is stored is no cursor: restore it, or delete it to begin behind what is there.")
        }
        self = cursor
    }

    private init?(wholeText text: String) {
        guard text.hasPrefix("1."), let bytes = Base64URL.decode(text.utf8.dropFirst(2)), bytes.count > 4,
            Array(bytes[..<4]) == CompactBytes.checksum(bytes[4...]),
            let seen = bytes[4...].withUnsafeBytes({ body -> [StreamPartition: Int64]? in
                var reader = CompactReader(body)
                guard let seen = reader.readPositions(), reader.count == 0 else { return nil }
                return seen
            })
        else { return nil }
        self.init(seen: seen)
        // One cursor has one text: what was not written by `text` is refused.
        guard self.text == text else { return nil }
    }
}

extension CompactBytes {
    /// FNV-1a: finds a text that was cut or mistyped; it protects against no one.
    fileprivate static func checksum(_ bytes: ArraySlice<UInt8>) -> [UInt8] {
        var hash: UInt32 = 2_166_136_261
        for byte in bytes { hash = (hash ^ UInt32(byte)) &* 16_777_619 }
        return (0..<4).map { UInt8(truncatingIfNeeded: hash >> (8 * $0)) }
    }
}

extension CompactReader {
    fileprivate mutating func readPositions() -> [StreamPartition: Int64]? {
        var seen: [StreamPartition: Int64] = [:]
        guard let streams = self.readInteger(upTo: UInt64(self.count)) else { return nil }
        for _ in 0..<streams {
            guard let cluster = self.readText(), let topic = self.readText(),
                let epoch = self.readInteger(upTo: UInt64(UInt32.max)),
                let count = self.readInteger(upTo: UInt64(self.count))
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
