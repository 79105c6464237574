import ChurnCore
import NIOCore

/// The newest updates in the order in which they are sent, bounded by count and bytes.
///
/// A value; the hub locks around it.
///
/// Within a partition the ring is a chain without holes: every segment follows the one before it, or a gap says what
/// is missing. So whoever has seen everything up to a position needs nothing but what comes after it.
struct UpdateRing {
    /// The limits of the ring.
    struct Limits {
        var frames: Int
        var bytes: Int
    }

    /// The result of offering segments.
    enum Outcome: Equatable {
        /// They follow what is there, at least in part.
        case appended
        /// All of it was there already.
        case known
        /// Something before them is missing: only the log has it.
        case hole
    }

    private let limits: Limits
    private var segments = CircularBuffer<UpdateSegment>()
    private var frames = 0
    private var bytes = 0
    /// The position of the oldest segment.
    private(set) var start: UInt64 = 0
    /// The position after the newest segment.
    var end: UInt64 { self.start + UInt64(self.segments.count) }

    private var indices: [StreamPartition: Int] = [:]
    /// The partitions by index.
    private(set) var partitions: [StreamPartition] = []
    /// For each partition, the last number in the ring or before it.
    private(set) var heads: [Int64] = []
    /// For each partition, the number before the oldest one in the ring.
    private var floors: [Int64] = []

    init(limits: Limits) { self.limits = limits }

    /// Starts after what the cursor has seen.
    mutating func start(after cursor: UpdateCursor) {
        for (partition, number) in cursor.seen {
            let index = self.index(of: partition)
            self.heads[index] = number
            self.floors[index] = number
        }
    }

    /// The partition's index, which never changes.
    ///
    /// Only for partitions that were written: clients can name any.
    mutating func index(of partition: StreamPartition) -> Int {
        if let index = self.indices[partition] { return index }
        let index = self.partitions.count
        self.indices[partition] = index
        self.partitions.append(partition)
        self.heads.append(UpdateSegment.none)
        self.floors.append(UpdateSegment.none)
        return index
    }

    /// The partition's index, if it was written.
    func knownIndex(of partition: StreamPartition) -> Int? { self.indices[partition] }

    /// Names a reader's numbers.
    func cursor(seen: [Int64], foreign: [StreamPartition: Int64] = [:]) -> UpdateCursor {
        var cursor = UpdateCursor(seen: foreign)
        for (index, number) in seen.enumerated()
        where number != UpdateSegment.none && number != UpdateSegment.finished {
            cursor.seen[self.partitions[index]] = number
        }
        return cursor
    }

    /// Appends one block's segments.
    ///
    /// - Parameter isFromLog: the log says what follows what; anyone else must fit without a hole.
    mutating func append(_ offered: [UpdateSegment], isFromLog: Bool) -> Outcome {
        guard let index = offered.first?.partition, let last = offered.last?.last else { return .known }
        let head = self.heads[index]
        if last <= head { return .known }
        guard let firstNew = offered.first(where: { $0.last > head }) else { return .known }
        let fits = firstNew.previous == head || firstNew.first <= head || isFromLog
        guard fits else { return .hole }
        for segment in offered {
            guard let rest = segment.after(self.heads[index]) else { continue }
            self.push(rest.following(self.heads[index]))
        }
        return .appended
    }

    /// Appends a frame from outside, which is no one's predecessor.
    mutating func append(external segment: UpdateSegment) { self.push(segment) }

    /// The segments from a position on, about `bytes` of them, and whether these are all; nil where the ring no longer
    /// reaches back.
    func segments(from position: UInt64, bytes: Int) -> (segments: [UpdateSegment], isComplete: Bool)? {
        guard position >= self.start, position <= self.end else { return nil }
        var found: [UpdateSegment] = []
        var size = 0
        var index = self.segments.index(self.segments.startIndex, offsetBy: Int(position - self.start))
        while index != self.segments.endIndex, size < bytes {
            found.append(self.segments[index])
            size += self.segments[index].wire.readableBytes
            index = self.segments.index(after: index)
        }
        return (found, index == self.segments.endIndex)
    }

    /// Returns whether the ring holds everything that a reader lacks.
    func reachesBack(to seen: [Int64]) -> Bool {
        self.floors.indices.allSatisfy { index in
            (index < seen.count ? seen[index] : UpdateSegment.none) >= self.floors[index]
        }
    }

    private mutating func push(_ segment: UpdateSegment) {
        self.segments.append(segment)
        if !segment.isExternal { self.heads[segment.partition] = segment.last }
        self.frames += segment.frames
        self.bytes += segment.byteCount
        while self.segments.count > 1, self.frames > self.limits.frames || self.bytes > self.limits.bytes,
            let oldest = self.segments.popFirst()
        {
            self.start += 1
            if !oldest.isExternal { self.floors[oldest.partition] = oldest.last }
            self.frames -= oldest.frames
            self.bytes -= oldest.byteCount
        }
    }
}
