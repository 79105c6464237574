import ChurnCore
import NIOCore

/// The position of one subscriber and where it reads next: from the ring, or from the log until the ring reaches back
/// to it.
///
/// A value; the subscriber around it sends and fetches.
struct SubscriberFeed {
    /// The place where the subscriber reads.
    enum Mode: Equatable {
        /// The hub has not started.
        case waiting
        /// The next position in the ring.
        case ring(UInt64)
        /// A page of the log was asked for.
        case awaitingPage
        /// A page of the log is being sent; `hasMore` says whether another one follows it.
        case page(hasMore: Bool)
    }

    private(set) var mode = Mode.waiting
    /// The last number seen, by the partition's index in the hub; absent or ``UpdateSegment/none`` for "nothing".
    private(set) var seen: [Int64] = []
    /// The client's position in partitions that the hub does not know.
    private(set) var foreign: [StreamPartition: Int64] = [:]
    /// Frames that were sent since the last cursor message.
    private(set) var framesSinceCursor = 0
    /// Whether anything was seen since the last cursor message, sent or filtered out.
    private(set) var hasMovedSinceCursor = false
    /// The first position in the ring whose frames from outside are new to the subscriber.
    private(set) var externalsFrom: UInt64 = 0
    private var page = CircularBuffer<UpdateSegment>()

    /// Starts at now: everything before a position counts as seen.
    mutating func join(at position: UInt64, seen: [Int64]) {
        self.seen = seen
        self.externalsFrom = position
        self.mode = .ring(position)
    }

    /// Starts where a client left off.
    ///
    /// - Parameters:
    ///   - end: the ring's end: what came from outside before it is not sent again.
    ///   - readsLog: whether the log is read whatever the ring has.
    mutating func resume(seen: [Int64], foreign: [StreamPartition: Int64], end: UInt64, readsLog: Bool) {
        self.seen = seen
        self.foreign = foreign
        self.externalsFrom = end
        self.mode = .page(hasMore: readsLog)
    }

    /// Goes on in the ring, which holds all that is missing.
    mutating func join(at position: UInt64) { self.mode = .ring(position) }

    mutating func awaitPage() { self.mode = .awaitingPage }

    mutating func receive(page segments: [UpdateSegment], hasMore: Bool) {
        self.page = CircularBuffer(segments)
        self.mode = .page(hasMore: hasMore)
    }

    /// The next segment of the page; nil when it is used up.
    mutating func nextOfPage() -> UpdateSegment? { self.page.popFirst() }

    /// Returns the part of a segment that is to be sent: all, some or nothing (nil).
    ///
    /// Throws where something before it is missing.
    mutating func take(_ segment: UpdateSegment, isFromLog: Bool) throws(Hole) -> UpdateSegment? {
        while self.seen.count <= segment.partition { self.seen.append(UpdateSegment.none) }
        if !self.foreign.isEmpty, let number = self.foreign.removeValue(forKey: segment.name) {
            self.seen[segment.partition] = number
        }
        let seen = self.seen[segment.partition]
        guard segment.last > seen else { return nil }
        guard segment.previous <= seen || isFromLog else { throw Hole() }
        let rest = segment.previous == seen || segment.isGap ? segment : segment.after(seen)
        self.seen[segment.partition] = segment.last
        self.hasMovedSinceCursor = true
        return rest
    }

    /// The ring has moved on by one segment.
    mutating func advance() {
        guard case .ring(let position) = self.mode else { return }
        self.mode = .ring(position + 1)
        self.externalsFrom = max(self.externalsFrom, position + 1)
    }

    /// Whether the frame from outside at the ring's position is new to the subscriber.
    var isExternalNew: Bool {
        if case .ring(let position) = self.mode { position >= self.externalsFrom } else { false }
    }

    mutating func sent(frames: Int) { self.framesSinceCursor += frames }

    mutating func sentCursor() {
        self.framesSinceCursor = 0
        self.hasMovedSinceCursor = false
    }

    /// The ring's chain does not reach the subscriber.
    struct Hole: Error {}
}
