import ChurnCore
import NIOCore

/// What a segment's frames are chosen by: read from the encoded frames when the first reader asks, and kept for all
/// others and for every cut of the segment.
final class SegmentFacts: Sendable {
    private let wire: ByteBuffer
    private let ends: [Int]
    private let read = Locked<[UpdateFacts?]?>(nil)

    /// - Parameter ends: for each frame, the index in `wire` after its last byte.
    init(wire: ByteBuffer, ends: [Int]) {
        self.wire = wire
        self.ends = ends
    }

    /// The facts of each frame; nil for a frame that is not one of ours.
    ///
    /// - Parameter segmentField: the payload's field that shows the segment; the same for all readers.
    func all(segmentField: String?) -> [UpdateFacts?] {
        self.read.withLock { read in
            if let read { return read }
            let facts = self.wire.withUnsafeReadableBytes { bytes in
                var start = 0
                return self.ends.map { end -> UpdateFacts? in
                    let frame = UnsafeRawBufferPointer(rebasing: bytes[start..<end])
                    start = end
                    let header = ServerFrame.headerBytes(of: frame)
                    return UpdateFacts(
                        frame: UnsafeRawBufferPointer(rebasing: frame[header...]), segmentField: segmentField)
                }
            }
            read = facts
            return facts
        }
    }
}
