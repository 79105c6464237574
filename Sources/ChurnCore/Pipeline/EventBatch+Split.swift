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
}
