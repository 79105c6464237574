/// The stored form of a block without its frames: after a version, the number of updates, for each the difference to
/// the number before it and the length of its frame, and last the headers, where they were kept.
extension UpdateBlock {
    private static let version: UInt8 = 1

    /// All of the block but its partition, its predecessor and its frames.
    package var index: [UInt8] {
        var out = CompactBytes()
        out.append(byte: Self.version)
        out.append(UInt64(self.count))
        var (last, start): (Int64, Int) = (0, 0)
        for (number, end) in zip(self.numbers, self.ends) {
            out.append(UInt64(bitPattern: number &- last))
            out.append(UInt64(end - start))
            (last, start) = (number, end)
        }
        if let headers { out.append(contentsOf: headers.bytes) }
        return out.bytes
    }

    /// Puts a block together from what a store keeps; nil where the index is none of these frames'.
    package init?(
        partition: StreamPartition, previous: Int64?, frames: UnsafeRawBufferPointer, index: UnsafeRawBufferPointer
    ) {
        var reader = CompactReader(index)
        guard reader.readByte() == Self.version, let count = reader.readInteger(upTo: UInt64(reader.count)) else {
            return nil
        }
        var (numbers, ends): ([Int64], [Int]) = ([], [])
        numbers.reserveCapacity(Int(count))
        ends.reserveCapacity(Int(count))
        var (last, end): (Int64, Int) = (0, 0)
        for _ in 0..<count {
            guard let step = reader.readInteger(), let length = reader.readInteger(upTo: UInt64(frames.count - end))
            else { return nil }
            last &+= Int64(bitPattern: step)
            end += Int(length)
            numbers.append(last)
            ends.append(end)
        }
        guard end == frames.count else { return nil }
        let headers = reader.readRest()
        self.init(
            partition: partition, previous: previous, numbers: numbers, bytes: Array(frames), ends: ends,
            headers: headers.isEmpty ? nil : HeaderColumn(bytes: headers))
    }
}
