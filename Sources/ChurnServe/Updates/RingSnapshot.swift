import ChurnCore

/// A snapshot of the ring: most subscribers of a loop stand at the same position.
///
/// What is appended after it was taken is not in it; whoever appends wakes the loop again.
struct RingSnapshot {
    /// About how many bytes are fetched at once; the same as a socket's buffer takes.
    private static let bytes = 256 * 1024

    private let hub: UpdateHub
    private var start: UInt64 = 0
    private var segments: [UpdateSegment] = []
    /// Whether the ring had no more after `segments`.
    private var isComplete = false

    init(hub: UpdateHub) { self.hub = hub }

    /// The segments from a position on, empty where there are none; nil where the ring no longer reaches back.
    mutating func segments(from position: UInt64) -> ArraySlice<UpdateSegment>? {
        let end = self.start + UInt64(self.segments.count)
        if position >= self.start, position < end { return self.segments[Int(position - self.start)...] }
        if position == end, self.isComplete { return [] }
        guard let fetched = self.hub.state.withLock({ $0.ring.segments(from: position, bytes: Self.bytes) }) else {
            return nil
        }
        if position != end {
            self.start = position
            self.segments = []
        }
        self.segments += fetched.segments
        self.isComplete = fetched.isComplete
        return fetched.segments[...]
    }
}
