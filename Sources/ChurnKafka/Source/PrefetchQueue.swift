import ChurnCore

/// The batches that wait to be asked for, bounded in records and bytes.
struct PrefetchQueue {
    /// The limits of what may wait, and of the time until a batch is closed.
    struct Limits: Sendable {
        var batchSize: Int
        var batchBytes: Int
        var linger: Duration
        var records: Int
        var bytes: Int
    }

    /// The room that is left.
    struct Room: Equatable {
        /// The number of records that fit into the batch that is open; 0 while reading pauses.
        var records: Int
        /// After how many bytes no more is to be read.
        var bytes: Int
        /// The time for which the open batch may still wait for more; nil where none is open.
        var gathering: Duration?
    }

    private struct Pending {
        var load: Load
        let since: ContinuousClock.Instant
    }

    private let limits: Limits
    private var queue: [Pending] = []
    private(set) var records = 0
    private(set) var bytes = 0
    private var isPaused = false

    init(_ limits: Limits) { self.limits = limits }

    /// Returns the room that is left now; reading pauses at the limits and goes on at half of them.
    mutating func room(now: ContinuousClock.Instant) -> Room {
        self.isPaused =
            self.isPaused
            ? self.records > self.limits.records / 2 || self.bytes > self.limits.bytes / 2
            : self.records >= self.limits.records || self.bytes >= self.limits.bytes
        guard !self.isPaused else { return Room(records: 0, bytes: 0, gathering: nil) }
        let open = self.queue.last.flatMap { self.isFull($0.load) ? nil : $0 }
        return Room(
            records: min(self.limits.batchSize - (open?.load.count ?? 0), self.limits.records - self.records),
            bytes: min(self.limits.batchBytes - (open?.load.bytes ?? 0), self.limits.bytes - self.bytes),
            gathering: open.map { max(.zero, self.limits.linger - (now - $0.since)) })
    }

    /// Adds records to the open batch, or opens one.
    mutating func append(_ load: Load, now: ContinuousClock.Instant) {
        self.records += load.count
        self.bytes += load.bytes
        if self.lastTakes(load.count) {
            self.queue[self.queue.count - 1].load.append(load)
        } else {
            self.queue.append(Pending(load: load, since: now))
        }
    }

    /// Throws away what waits of these partitions.
    ///
    /// What was taken before is the sink's fence to judge.
    mutating func drop(_ partitions: Set<Int32>) {
        self.queue = self.queue.compactMap { pending in
            let load = pending.load.removing(partitions)
            return load.ranges.isEmpty ? nil : Pending(load: load, since: pending.since)
        }
        self.records = self.queue.reduce(0) { $0 + $1.load.count }
        self.bytes = self.queue.reduce(0) { $0 + $1.load.bytes }
    }

    mutating func removeAll() { (self.queue, self.records, self.bytes) = ([], 0, 0) }

    /// Returns whether a batch is closed, or its oldest record has waited the linger.
    func isReady(now: ContinuousClock.Instant) -> Bool {
        guard let first = self.queue.first else { return false }
        return self.queue.count > 1 || self.isPaused || self.isFull(first.load)
            || now - first.since >= self.limits.linger
    }

    /// The oldest batch, if it is ready.
    mutating func take(now: ContinuousClock.Instant) -> EventBatch? {
        guard self.isReady(now: now) else { return nil }
        let load = self.queue.removeFirst().load
        self.records -= load.count
        self.bytes -= load.bytes
        return EventBatch(entries: load.entries, rejections: load.rejections, ranges: load.ranges)
    }

    /// Returns whether the open batch has room.
    ///
    /// A function of its own, so that no copy of the batch is alive while it grows.
    private func lastTakes(_ count: Int) -> Bool {
        guard let last = self.queue.last else { return false }
        return !self.isFull(last.load) && last.load.count + count <= self.limits.batchSize
    }

    private func isFull(_ load: Load) -> Bool {
        load.count >= self.limits.batchSize || load.bytes >= self.limits.batchBytes
    }
}

extension PrefetchQueue {
    /// Records on their way into the prefetch.
    struct Load {
        var entries: [EventBatch.Entry] = []
        var rejections: [Rejection] = []
        var ranges: [OffsetRange] = []
        private(set) var bytes = 0
        var count: Int { self.entries.count + self.rejections.count }

        mutating func add(_ decoded: DecodedRecord) {
            switch decoded {
            case .event(let entry): self.entries.append(entry)
            case .rejected(let rejection): self.rejections.append(rejection)
            }
            self.bytes += decoded.size
        }

        /// Adds what was read after this.
        mutating func append(_ later: Self) {
            self.entries.append(contentsOf: later.entries)
            self.rejections.append(contentsOf: later.rejections)
            self.bytes += later.bytes
            for range in later.ranges {
                if let index = self.ranges.firstIndex(where: { $0.partition == range.partition }) {
                    self.ranges[index].to = range.to
                } else {
                    self.ranges.append(range)
                }
            }
        }

        func removing(_ partitions: Set<Int32>) -> Self {
            guard self.ranges.contains(where: { partitions.contains($0.partition.partition) }) else { return self }
            var rest = Self()
            for entry in self.entries where !partitions.contains(entry.event.position.partition.partition) {
                rest.add(.event(entry))
            }
            for rejection in self.rejections where !partitions.contains(rejection.record.position.partition.partition) {
                rest.add(.rejected(rejection))
            }
            rest.ranges = self.ranges.filter { !partitions.contains($0.partition.partition) }
            return rest
        }
    }
}

extension DecodedRecord {
    /// The size of a record besides its bytes: values and headers of arrays, and what was decoded of it.
    static let overhead = 512

    /// About what the record takes in memory: key, value, headers and ``overhead``.
    var size: Int {
        switch self {
        case .event(let entry): Self.size(entry.key, entry.event.json, entry.headers)
        case .rejected(let rejection): Self.size(rejection.record.key, rejection.record.value, rejection.record.headers)
        }
    }

    private static func size(_ key: [UInt8]?, _ value: [UInt8]?, _ headers: [RecordHeader]) -> Int {
        headers.reduce(Self.overhead + (key?.count ?? 0) + (value?.count ?? 0)) { sum, header in
            sum + 64 + header.name.utf8.count + (header.value?.count ?? 0)
        }
    }
}
