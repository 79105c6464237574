import ChurnCore

/// A page of the update log as segments that follow what their reader has seen: a chain for each partition, with a gap
/// wherever the log no longer reaches back.
struct LogPage {
    var segments: [UpdateSegment]
    var hasMore: Bool
    /// The most blocks of a page.
    private static let blocks = 256

    /// Reads the log after a cursor.
    ///
    /// - Parameters:
    ///   - bytes: about the most bytes of frames.
    ///   - index: gives a partition's index.
    static func read(
        _ log: any UpdateLog, after cursor: UpdateCursor, bytes: Int, index: (StreamPartition) -> Int
    ) async throws -> LogPage {
        let page = try await log.updates(after: cursor, limit: Self.blocks, bytes: bytes)
        var seen = cursor.seen
        var gaps = page.gaps
        var segments: [UpdateSegment] = []
        for block in page.blocks where !block.numbers.isEmpty {
            let partition = block.partition
            let number = seen[partition] ?? UpdateSegment.none
            guard let last = block.numbers.last, last > number else { continue }
            let position = index(partition)
            // A log that skips numbers without saying so has a gap all the same.
            let skips = (block.previous ?? UpdateSegment.none) > number
            if gaps.remove(partition) != nil || skips, block.numbers[0] > number {
                segments.append(
                    .gap(partition: position, name: partition, previous: number, to: block.numbers[0]))
                seen[partition] = block.numbers[0] - 1
            }
            for segment in UpdateSegment.encode(block, partition: position) {
                let number = seen[partition] ?? UpdateSegment.none
                guard let rest = segment.after(number) else { continue }
                segments.append(rest.following(number))
                seen[partition] = rest.last
            }
        }
        if !gaps.isEmpty, !page.hasMore {
            // Nothing after the cursor is kept any more: the gap reaches to the end.
            let end = try await log.end()
            for partition in gaps.sorted() {
                let number = seen[partition] ?? UpdateSegment.none
                guard let last = end.seen[partition], last > number else { continue }
                segments.append(
                    .gap(partition: index(partition), name: partition, previous: number, to: last + 1))
            }
        }
        return LogPage(segments: segments, hasMore: page.hasMore)
    }
}
