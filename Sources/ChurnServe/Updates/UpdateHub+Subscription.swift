import ChurnCore
import NIOCore

/// The calls of subscribers to the hub, on their event loops.
extension UpdateHub {
    /// The start of a subscriber.
    enum Admission {
        /// The hub has not started; it will wake the subscriber.
        case later
        case now(position: UInt64, seen: [Int64])
        /// - isDoubtful: whether the log must be asked first if it knows the cursor.
        case resume(seen: [Int64], foreign: [StreamPartition: Int64], end: UInt64, isDoubtful: Bool)
    }

    func admit(_ cursor: UpdateCursor?) -> Admission {
        self.state.withLock { state in
            guard state.hasStarted else { return .later }
            guard let cursor else { return .now(position: state.ring.end, seen: state.ring.heads) }
            var seen = [Int64](repeating: UpdateSegment.none, count: state.ring.partitions.count)
            var foreign: [StreamPartition: Int64] = [:]
            for (partition, number) in cursor.seen {
                if let index = state.ring.knownIndex(of: partition) {
                    seen[index] = number
                } else {
                    foreign[partition] = number
                }
            }
            // This node may only be behind the one that gave the cursor out: the log knows.
            let isAhead = zip(seen, state.ring.heads).contains { $0 > $1 }
            let epochs = cursor.epochs
            for (index, partition) in state.ring.partitions.enumerated() where cursor.seen[partition] == nil {
                guard let epoch = epochs[partition.stream.name], epoch > partition.stream.epoch else { continue }
                seen[index] = UpdateSegment.finished
            }
            return .resume(
                seen: seen, foreign: foreign, end: state.ring.end,
                isDoubtful: isAhead || (!foreign.isEmpty && foreign.count == cursor.seen.count))
        }
    }

    /// The ring's oldest position, if the ring holds everything that the feed lacks.
    func position(for feed: SubscriberFeed) -> UInt64? {
        self.state.withLock { $0.ring.reachesBack(to: feed.seen) ? $0.ring.start : nil }
    }

    /// Returns the segments that a subscriber that conflates looks at before it sends, and their end in the ring.
    func window(from position: UInt64) -> (segments: [UpdateSegment], end: UInt64) {
        let segments = self.state.withLock {
            $0.ring.segments(from: position, bytes: FeedSelection.windowBytes)?.segments ?? []
        }
        return (segments, position + UInt64(segments.count))
    }

    func cursor(of feed: SubscriberFeed) -> UpdateCursor {
        self.state.withLock { $0.ring.cursor(seen: feed.seen, foreign: feed.foreign) }
    }

    func fanout(of eventLoop: any EventLoop) -> LoopFanout {
        self.state.withLock { state in
            if let fanout = state.fanouts[ObjectIdentifier(eventLoop)] { return fanout }
            let fanout = LoopFanout(eventLoop: eventLoop)
            state.fanouts[ObjectIdentifier(eventLoop)] = fanout
            return fanout
        }
    }
}
