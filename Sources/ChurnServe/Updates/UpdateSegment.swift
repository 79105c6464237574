import ChurnCore
import NIOCore

/// A stretch of one partition's updates, encoded once and shared by all who send it.
///
/// A large block becomes several segments. A gap is a segment too: it holds the message
/// that reports it. So is a frame from outside, which belongs to no partition.
final class UpdateSegment: Sendable {
    /// "No number": below every offset.
    static let none = Int64.min
    /// "All numbers", of a partition whose epoch is over for a reader.
    static let finished = Int64.max
    /// The partition's index of frames from outside.
    private static let external = -1
    /// About how many bytes a segment holds; a frame is never cut.
    static let targetBytes = 60 * 1024
    /// The size of a full segment's buffer: a power of two, with room for the frame that crosses the target.
    private static let bufferBytes = 64 * 1024

    /// The partition, by its index in the hub, and its name.
    let partition: Int
    let name: StreamPartition
    /// The number before the first one here; ``none`` where there is none.
    let previous: Int64
    /// The first and the last number in this segment; for a gap, what is missing.
    let first: Int64
    let last: Int64
    /// The frames, headers included.
    let wire: ByteBuffer
    /// The frames' numbers; empty for a gap.
    let numbers: ArraySlice<Int64>
    /// For each frame, the index in `wire` after its last byte.
    private let ends: [Int]
    /// Of the block that the segment was cut from; nil for what is no stretch of a block.
    private let origin: BlockHeaders?

    var isGap: Bool { self.numbers.isEmpty && !self.isExternal }
    /// Whether it is a frame from outside: without a number, and in no log.
    var isExternal: Bool { self.partition == Self.external }
    var frames: Int { max(1, self.numbers.count) }

    private init(
        partition: Int, name: StreamPartition, previous: Int64, first: Int64, last: Int64, wire: ByteBuffer,
        numbers: ArraySlice<Int64>, ends: [Int], origin: BlockHeaders? = nil
    ) {
        self.partition = partition
        self.name = name
        self.previous = previous
        self.first = first
        self.last = last
        self.wire = wire
        self.numbers = numbers
        self.ends = ends
        self.origin = origin
    }

    /// Returns a segment saying that the updates after `previous` and before `to` are no longer kept.
    static func gap(partition: Int, name: StreamPartition, previous: Int64, to: Int64) -> UpdateSegment {
        let from = previous == Self.none ? 0 : previous + 1
        return UpdateSegment(
            partition: partition, name: name, previous: previous, first: from, last: to - 1,
            wire: ServerFrame.text(FeedMessage.gap(name, from: from, to: to)), numbers: [], ends: [])
    }

    /// A frame from outside.
    static func external(_ frame: [UInt8]) -> UpdateSegment {
        let nowhere = StreamPartition(stream: StreamIdentity(name: StreamName(cluster: "", topic: "")), partition: -1)
        return UpdateSegment(
            partition: Self.external, name: nowhere, previous: Self.none, first: Self.none, last: Self.none,
            wire: ServerFrame.text(frame), numbers: [], ends: [])
    }

    /// Encodes a block: one copy of its bytes with the frames' headers between.
    static func encode(_ block: UpdateBlock, partition: Int) -> [UpdateSegment] {
        var wire = ByteBuffer()
        wire.reserveCapacity(min(block.bytes.count + block.count * 4, Self.bufferBytes))
        var segments: [UpdateSegment] = []
        let headers = BlockHeaders(of: block)
        var previous = block.previous ?? Self.none
        var firstFrame = 0
        var ends: [Int] = []
        for index in block.numbers.indices {
            let frame = block.frame(at: index)
            ServerFrame.writeTextHeader(length: frame.count, into: &wire)
            wire.writeBytes(frame)
            ends.append(wire.readableBytes)
            guard wire.readableBytes >= Self.targetBytes || index == block.count - 1 else { continue }
            let numbers = block.numbers[firstFrame...index]
            segments.append(
                UpdateSegment(
                    partition: partition, name: block.partition, previous: previous,
                    first: block.numbers[firstFrame], last: block.numbers[index], wire: wire, numbers: numbers,
                    ends: ends, origin: headers))
            previous = block.numbers[index]
            firstFrame = index + 1
            ends = []
            wire = ByteBuffer()
            let rest = block.bytes.count - block.ends[index] + (block.count - firstFrame) * 4
            if rest > 0 { wire.reserveCapacity(min(rest, Self.bufferBytes)) }
        }
        return segments
    }

    /// Returns the rest after `number`; nil where there is none.
    func after(_ number: Int64) -> UpdateSegment? {
        guard number >= self.first else { return self }
        guard number < self.last, let index = self.numbers.firstIndex(where: { $0 > number }) else { return nil }
        let offset = index - self.numbers.startIndex
        let start = self.ends[offset - 1]
        guard let rest = self.wire.getSlice(at: self.wire.readerIndex + start, length: self.wire.readableBytes - start)
        else { return nil }
        return UpdateSegment(
            partition: self.partition, name: self.name, previous: number, first: self.numbers[index], last: self.last,
            wire: rest, numbers: self.numbers[index...], ends: self.ends[offset...].map { $0 - start },
            origin: self.origin)
    }

    /// The same segment behind another predecessor, for a log whose blocks do not name theirs.
    func following(_ previous: Int64) -> UpdateSegment {
        if previous == self.previous { return self }
        return UpdateSegment(
            partition: self.partition, name: self.name, previous: previous, first: self.first, last: self.last,
            wire: self.wire, numbers: self.numbers, ends: self.ends, origin: self.origin)
    }

    /// The headers by which frames are chosen; nil where they were not kept.
    var headers: ArraySlice<UpdateHeader>? {
        guard let all = self.origin?.all else { return nil }
        return all[self.numbers.startIndex..<self.numbers.endIndex]
    }

    /// The memory that it holds, in bytes; a block's headers count where its first frame is.
    var byteCount: Int {
        self.wire.readableBytes + (self.numbers.startIndex == 0 ? self.origin?.byteCount ?? 0 : 0)
    }

    /// The bytes of the chosen frames, neighbours in one piece.
    func stretches(of chosen: [Bool]) -> [ByteBuffer] {
        var stretches: [ByteBuffer] = []
        var begin: Int?
        for index in 0...chosen.count {
            let isChosen = index < chosen.count && chosen[index]
            if isChosen, begin == nil { begin = index == 0 ? 0 : self.ends[index - 1] }
            guard !isChosen, let start = begin else { continue }
            let end = self.ends[index - 1]
            if let piece = self.wire.getSlice(at: self.wire.readerIndex + start, length: end - start) {
                stretches.append(piece)
            }
            begin = nil
        }
        return stretches
    }
}
