import ChurnCore
import NIOCore

/// The updates that one subscriber is sent: those that pass its filter and, where it chose so, of those that wait
/// together only the newest of each customer.
struct FeedSelection {
    /// The number of bytes of waiting updates that are searched for newer ones of the same customer.
    static let windowBytes = 1024 * 1024

    private struct Position: Equatable {
        var partition: Int
        var number: Int64
    }

    private(set) var filter: UpdateFilter
    private(set) var conflates: Bool
    /// The newest update of each customer among those that wait.
    private var newest: [CustomerKey: Position] = [:]
    /// The number of updates left out for newer ones and not reported yet.
    private(set) var skipped = 0

    init(filter: UpdateFilter, conflates: Bool) {
        self.filter = filter
        self.conflates = conflates
    }

    mutating func choose(_ filter: UpdateFilter) {
        self.filter = filter
        self.newest = [:]
    }

    mutating func choose(conflates: Bool) {
        self.conflates = conflates
        self.newest = [:]
    }

    /// Finds the newest update of each customer among those that wait, before the first of them is sent.
    mutating func lookAhead(_ segments: some Sequence<UpdateSegment>) {
        self.newest.removeAll(keepingCapacity: true)
        for segment in segments {
            guard let headers = segment.headers else { continue }
            for (number, header) in zip(segment.numbers, headers) where self.filter.matches(header) {
                self.newest[CustomerKey(header.customer)] = Position(partition: segment.partition, number: number)
            }
        }
    }

    /// Returns the part of a segment that is sent, as stretches of its bytes, and the number of frames in them.
    mutating func take(_ segment: UpdateSegment) -> (stretches: [ByteBuffer], frames: Int) {
        // Updates of which no headers were kept cannot be distinguished: nothing is withheld by mistake.
        guard !self.filter.isEmpty || self.conflates, !segment.numbers.isEmpty, let headers = segment.headers else {
            return ([segment.wire], segment.frames)
        }
        var chosen: [Bool] = []
        chosen.reserveCapacity(headers.count)
        for (number, header) in zip(segment.numbers, headers) {
            guard self.filter.matches(header) else {
                chosen.append(false)
                continue
            }
            let position = Position(partition: segment.partition, number: number)
            let isNewest = (self.newest[CustomerKey(header.customer)] ?? position) == position
            if self.conflates, !isNewest { self.skipped += 1 }
            chosen.append(!self.conflates || isNewest)
        }
        return (segment.stretches(of: chosen), chosen.count { $0 })
    }

    /// Returns the number of updates that were left out since the last call.
    mutating func takeSkipped() -> Int {
        defer { self.skipped = 0 }
        return self.skipped
    }
}
