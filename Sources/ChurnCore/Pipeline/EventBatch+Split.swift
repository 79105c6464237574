extension EventBatch {
    /// Two batches that together cover this one, the first with the first `count` entries.
    ///
    /// Within each partition the cut is the offset of its first entry in the second batch.
    func split(at count: Int) -> (EventBatch, EventBatch) {
        let front = Array(self.entries[..<count])
        let back = Array(self.entries[count...])
        var cuts: [StreamPartition: Int64] = [:]
        for entry in back.reversed() { cuts[entry.event.position.partition] = entry.event.position.offset }
        func isFront(_ position: StreamPosition) -> Bool {
            cuts[position.partition].map { position.offset < $0 } ?? true
        }
        let frontRanges = self.ranges.compactMap { range -> OffsetRange? in
            let cut = cuts[range.partition] ?? range.to
            return cut > range.from ? OffsetRange(partition: range.partition, from: range.from, to: cut) : nil
        }
        let backRanges = self.ranges.compactMap { range -> OffsetRange? in
            guard let cut = cuts[range.partition] else { return nil }
            return OffsetRange(partition: range.partition, from: cut, to: range.to)
        }
        return (
            EventBatch(
                entries: front, rejections: self.rejections.filter { isFront($0.record.position) }, ranges: frontRanges),
            EventBatch(
                entries: back, rejections: self.rejections.filter { !isFront($0.record.position) }, ranges: backRanges)
        )
    }

    /// The parts of a batch with one entry: what lies before it, the entry alone, and what lies behind it.
    ///
    /// Other partitions go before.
    func parts(around entry: Entry) -> [EventBatch] {
        let (partition, offset) = (entry.event.position.partition, entry.event.position.offset)
        func part(_ entries: [Entry], _ isIn: (StreamPosition) -> Bool, _ ranges: [OffsetRange]) -> EventBatch? {
            let part = EventBatch(
                entries: entries, rejections: self.rejections.filter { isIn($0.record.position) },
                ranges: ranges.filter { $0.from < $0.to })
            return part.isEmpty ? nil : part
        }
        let own = self.ranges.filter { $0.partition == partition }
        let others = self.ranges.filter { $0.partition != partition }
        return [
            part(
                [], { $0.partition != partition || $0.offset < offset },
                others + own.map { OffsetRange(partition: partition, from: $0.from, to: min($0.to, offset)) }),
            part(
                [entry], { _ in false },
                own.map { _ in OffsetRange(partition: partition, from: offset, to: offset + 1) }),
            part(
                [], { $0.partition == partition && $0.offset > offset },
                own.map { OffsetRange(partition: partition, from: offset + 1, to: $0.to) }),
        ].compactMap(\.self)
    }
}
