import ChurnCore

extension InMemoryEventLog {
    /// A reader's view of the log from its position.
    struct View: Sendable {
        /// The number of records ahead.
        var available: Int
        /// The arrival of the oldest of them; nil where there is none.
        var oldestArrival: Timestamp?
        var isFinished: Bool
    }

    /// The number of times that waiting readers were woken to look again.
    var wakes: Int { self.state.withLock { $0.wakes } }

    func view(from offsets: [Int32: Int64]) -> View {
        self.state.withLock { state in
            var view = View(available: 0, isFinished: state.isFinished)
            for (partition, offset) in offsets {
                let log = state.partitions[Int(partition)]
                guard offset < log.high else { continue }
                view.available += Int(log.high - max(offset, log.low))
                let arrival = log.entry(at: max(offset, log.low)).arrival
                view.oldestArrival = min(view.oldestArrival ?? arrival, arrival)
            }
            return view
        }
    }

    /// The records of a partition from `offset` on; empty where the offset lies outside the log.
    func records(of partition: StreamPartition, from offset: Int64, limit: Int) -> [Record] {
        self.state.withLock { state in
            let log = state.partitions[Int(partition.partition)]
            guard offset >= log.low, offset < log.high else { return [] }
            return (offset..<min(log.high, offset + Int64(limit))).map { offset in
                let entry = log.entry(at: offset)
                return Record(
                    position: StreamPosition(partition: partition, offset: offset), key: entry.key,
                    value: entry.value, headers: entry.headers, time: entry.time)
            }
        }
    }

    /// Waits until this many records lie ahead, the log is finished, a wake comes, or the task is cancelled.
    ///
    /// - Parameter wakes: how many wakes the reader has seen; one that came since ends the wait at once.
    func wait(for count: Int, from offsets: [Int32: Int64], wakes: Int) async {
        let id = self.state.withLock { state in
            state.nextWaiter += 1
            return state.nextWaiter
        }
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let isReady = self.state.withLock { state in
                    let available = offsets.reduce(0) { sum, stand in
                        sum + Int(max(0, state.partitions[Int(stand.key)].high - stand.value))
                    }
                    if available >= count || state.isFinished || state.wakes != wakes || Task.isCancelled {
                        return true
                    }
                    state.waiters[id] = Waiter(
                        partitions: Set(offsets.keys), missing: count - available, continuation: continuation)
                    return false
                }
                if isReady { continuation.resume() }
            }
        } onCancel: {
            let waiter = self.state.withLock { $0.waiters.removeValue(forKey: id) }
            waiter?.continuation.resume()
        }
    }

    /// Makes the readers that wait look again.
    func wake() { self.wakeAll { $0.wakes += 1 } }

    func commit(_ ranges: [OffsetRange], by group: String) {
        self.state.withLock { state in
            for range in ranges { state.commits[group, default: [:]][range.partition.partition] = range.to }
        }
    }
}
