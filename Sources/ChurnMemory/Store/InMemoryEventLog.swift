public import ChurnCore
import Foundation

/// A stream of records in the memory of one process: a few partitions, each an ordered log of bounded length.
///
/// Readers wait without polling. What falls out of the log because no one read it in time is not kept anywhere; a
/// reader that stands below the log's beginning says so.
public final class InMemoryEventLog: Sendable {
    /// The stream's name.
    public let name: StreamName
    /// The number of partitions, numbered from 0.
    public let partitionCount: Int32
    /// The most records that a partition keeps.
    public let recordsKept: Int

    struct Entry: Sendable {
        var key: [UInt8]?
        var value: [UInt8]?
        var headers: [RecordHeader]
        var time: Timestamp
        /// The time at which the record was appended, by the log's clock, from which a linger counts.
        var arrival: Timestamp
    }

    struct Partition {
        var entries: [Entry] = []
        /// Entries before this index are forgotten; they are cut off now and then, not one by one.
        var head = 0
        /// The offset of the entry at `head`.
        var low: Int64 = 0
        var high: Int64 { self.low + Int64(self.entries.count - self.head) }

        mutating func append(_ entry: Entry, keeping limit: Int) {
            self.entries.append(entry)
            if self.entries.count - self.head > limit {
                self.head += 1
                self.low += 1
            }
            if self.head > 1024, self.head * 2 > self.entries.count {
                self.entries.removeFirst(self.head)
                self.head = 0
            }
        }

        func entry(at offset: Int64) -> Entry { self.entries[self.head + Int(offset - self.low)] }
    }

    struct Waiter {
        var partitions: Set<Int32>
        var missing: Int
        var continuation: CheckedContinuation<Void, Never>
    }

    struct State {
        var partitions: [Partition]
        var commits: [String: [Int32: Int64]] = [:]
        var isFinished = false
        var nextUnkeyed: Int32 = 0
        var waiters: [Int: Waiter] = [:]
        var nextWaiter = 0
        /// Rises when a reader that waits must look again although nothing was appended.
        var wakes = 0
    }

    let state: Locked<State>
    let now: @Sendable () -> Timestamp

    /// Creates an empty log.
    ///
    /// - Parameters:
    ///   - name: the stream's name.
    ///   - partitions: how many partitions there are, at least 1.
    ///   - recordsKept: the most records that a partition keeps, at least 1.
    ///   - now: the wall clock; nil for the system's.
    public init(
        name: StreamName = StreamName(cluster: "local", topic: "events"), partitions: Int32 = 1,
        recordsKept: Int = 1_000_000, now: (@Sendable () -> Timestamp)? = nil
    ) {
        self.name = name
        self.partitionCount = max(1, partitions)
        self.recordsKept = max(1, recordsKept)
        self.state = Locked(State(partitions: Array(repeating: Partition(), count: Int(max(1, partitions)))))
        self.now = now ?? Timestamp.systemNow
    }

    /// Appends a record and returns where it lies.
    ///
    /// - Parameters:
    ///   - key: the key, which chooses the partition where `partition` does not; records of one key keep their order.
    ///   - value: the value; nil for a tombstone.
    ///   - headers: the headers.
    ///   - time: the record's time; nil for now.
    ///   - partition: the partition; nil for the key's, or the next in turn where there is no key.
    @discardableResult
    public func append(
        key: [UInt8]? = nil, value: [UInt8]?, headers: [RecordHeader] = [], time: Timestamp? = nil,
        partition: Int32? = nil
    ) -> (partition: Int32, offset: Int64) {
        let arrival = self.now()
        let entry = Entry(key: key, value: value, headers: headers, time: time ?? arrival, arrival: arrival)
        let (position, ready) = self.state.withLock { state in
            let number = self.choose(partition, key, &state)
            state.partitions[Int(number)].append(entry, keeping: self.recordsKept)
            let offset = state.partitions[Int(number)].high - 1
            return ((number, offset), Self.countDown(number, &state))
        }
        for continuation in ready { continuation.resume() }
        return position
    }

    /// Ends the log: its readers end after the last record.
    public func finish() { self.wakeAll { $0.isFinished = true } }

    /// The offsets that a partition still holds: from the first to the one after the last.
    public func offsets(of partition: Int32) -> Range<Int64> {
        self.state.withLock { state in
            guard state.partitions.indices.contains(Int(partition)) else { return 0..<0 }
            return state.partitions[Int(partition)].low..<state.partitions[Int(partition)].high
        }
    }

    /// Returns the offsets up to which a group of readers committed, by partition; a hint for lag tools.
    public func committedOffsets(of group: String) -> [Int32: Int64] {
        self.state.withLock { $0.commits[group] ?? [:] }
    }

    func wakeAll(_ change: (inout State) -> Void) {
        let waiting = self.state.withLock { state in
            change(&state)
            defer { state.waiters = [:] }
            return state.waiters.sorted { $0.key < $1.key }.map(\.value.continuation)
        }
        for continuation in waiting { continuation.resume() }
    }

    /// Takes one new record off what the partition's readers wait for; returns those that have waited enough.
    private static func countDown(_ partition: Int32, _ state: inout State) -> [CheckedContinuation<Void, Never>] {
        var ready: [CheckedContinuation<Void, Never>] = []
        for id in state.waiters.keys.sorted() {
            guard var waiter = state.waiters[id], waiter.partitions.contains(partition) else { continue }
            waiter.missing -= 1
            if waiter.missing <= 0 { ready.append(waiter.continuation) }
            state.waiters[id] = waiter.missing <= 0 ? nil : waiter
        }
        return ready
    }

    private func choose(_ partition: Int32?, _ key: [UInt8]?, _ state: inout State) -> Int32 {
        if let partition { return min(max(0, partition), self.partitionCount - 1) }
        guard let key else {
            defer { state.nextUnkeyed = (state.nextUnkeyed + 1) % self.partitionCount }
            return state.nextUnkeyed
        }
        // FNV-1a: short, well spread, and the same in every process.
        let hash = key.reduce(UInt64(0xCBF2_9CE4_8422_2325)) { ($0 ^ UInt64($1)) &* 0x0000_0100_0000_01B3 }
        return Int32(hash % UInt64(self.partitionCount))
    }
}
