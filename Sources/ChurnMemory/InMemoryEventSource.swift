public import ChurnCore

/// Reads an ``InMemoryEventLog`` in batches, from where the sink stands.
///
/// A batch closes when it is full or when its oldest record has waited the linger. Partitions can be given and taken
/// away while it runs, as a rebalance does.
public final class InMemoryEventSource: EventSource {
    /// The configuration of the source.
    public struct Configuration: Hashable, Sendable {
        /// The first offset of a partition for which neither sink nor log know a position.
        public enum Start: Hashable, Sendable {
            /// At the oldest record.
            case beginning
            /// After the newest record.
            case end
        }

        /// The most records in a batch.
        public var batchSize = 500
        /// The time that the oldest record of a batch that is not full waits for more.
        public var linger: Duration = .milliseconds(5)
        /// The name under which the source reports to the log how far it is.
        public var group = "churn"
        /// The first offset of a partition without a known position.
        public var start = Start.beginning
        /// The name under which the source reports on the health board.
        public var healthName = "source"

        /// Creates the default configuration.
        public init() {}
    }

    struct Standing {
        var stream: StreamIdentity?
        /// The next offset to read, by partition.
        var next: [Int32: Int64] = [:]
        /// The partitions that are to be read.
        var assigned: Set<Int32>
        /// Partitions whose stored position lies outside the log; they are not read.
        var stopped: Set<Int32> = []
        /// The partition that comes first in the next batch, so that each has its turn.
        var turn = 0
        var positions: (any PositionStore)?
    }

    let log: InMemoryEventLog
    let configuration: Configuration
    let standing: Locked<Standing>
    private let decoder: EventDecoder
    private let clock: any Clock<Duration>
    let health: HealthBoard?

    /// Creates a source.
    ///
    /// - Parameters:
    ///   - log: what to read.
    ///   - decoder: turns records into events.
    ///   - partitions: the partitions to read at first; nil for all.
    ///   - configuration: how to read.
    ///   - health: where a partition that cannot be read is reported.
    ///   - clock: measures the linger.
    public init(
        log: InMemoryEventLog, decoder: EventDecoder, partitions: Set<Int32>? = nil,
        configuration: Configuration = Configuration(), health: HealthBoard? = nil,
        clock: any Clock<Duration> = ContinuousClock()
    ) {
        self.log = log
        self.decoder = decoder
        self.configuration = configuration
        self.health = health
        self.clock = clock
        let all = Set(0..<log.partitionCount)
        self.standing = Locked(Standing(assigned: partitions.map(all.intersection) ?? all))
    }

    /// Begins to read where the sink stands.
    public func start(positions: any PositionStore) async throws {
        self.standing.withLock { $0.positions = positions }
        try await self.takeUp()
    }

    /// The partitions that are read now.
    public var partitions: Set<Int32> { self.standing.withLock { $0.assigned } }

    /// Gives and takes partitions; a partition that is new is read from its stored position.
    public func assign(_ partitions: Set<Int32>) {
        let all = Set(0..<self.log.partitionCount)
        self.standing.withLock { standing in
            standing.assigned = partitions.intersection(all)
            standing.next = standing.next.filter { standing.assigned.contains($0.key) }
            standing.stopped.formIntersection(standing.assigned)
        }
        self.log.wake()
    }

    /// Waits for the next batch; nil when the log is finished and all of it was delivered.
    public func nextBatch() async throws -> EventBatch? {
        while true {
            try Task.checkCancellation()
            // Before the assignment is looked at: a change that comes while positions are read must end the wait.
            let wakes = self.log.wakes
            try await self.takeUp()
            let offsets = self.standing.withLock { $0.next }
            let view = self.log.view(from: offsets)
            if view.available == 0 {
                if view.isFinished { return nil }
                await self.log.wait(for: 1, from: offsets, wakes: wakes)
                continue
            }
            if view.available < self.configuration.batchSize, !view.isFinished, let oldest = view.oldestArrival {
                await self.linger(since: oldest, offsets: offsets, wakes: wakes)
                try Task.checkCancellation()
            }
            if let batch = self.take() { return batch }
        }
    }

    /// Goes back to the stored positions of these partitions.
    public func restart(_ partitions: Set<StreamPartition>) async throws {
        let numbers = partitions.filter { $0.stream.name == self.log.name }.map(\.partition)
        self.standing.withLock { standing in
            for number in numbers {
                standing.next[number] = nil
                standing.stopped.remove(number)
            }
        }
        try await self.takeUp()
    }

    /// Reports to the log how far the sink has come.
    public func commit(_ ranges: [OffsetRange]) async {
        self.log.commit(
            ranges.filter { $0.partition.stream.name == self.log.name }, by: self.configuration.group)
    }

    /// Waits until a full batch lies ahead or the oldest record has waited its time.
    private func linger(since oldest: Timestamp, offsets: [Int32: Int64], wakes: Int) async {
        let waited = Duration.microseconds(self.log.now().microseconds - oldest.microseconds)
        let rest = self.configuration.linger - waited
        guard rest > .zero else { return }
        await withTaskGroup(of: Void.self) { group in
            group.addTask {
                await self.log.wait(for: self.configuration.batchSize, from: offsets, wakes: wakes)
            }
            group.addTask { try? await self.clock.sleep(for: rest) }
            await group.next()
            group.cancelAll()
        }
    }

    /// Takes up what lies ahead, partition by partition; nil where a change of assignment left nothing.
    private func take() -> EventBatch? {
        let (stream, order) = self.standing.withLock { standing -> (StreamIdentity?, [(Int32, Int64)]) in
            let numbers = standing.next.keys.sorted()
            guard !numbers.isEmpty else { return (nil, []) }
            standing.turn = (standing.turn + 1) % numbers.count
            let order = numbers[standing.turn...] + numbers[..<standing.turn]
            return (standing.stream, order.compactMap { number in standing.next[number].map { (number, $0) } })
        }
        guard let stream else { return nil }
        var batch = EventBatch(entries: [], ranges: [])
        var room = self.configuration.batchSize
        for (number, from) in order where room > 0 {
            let partition = StreamPartition(stream: stream, partition: number)
            let records = self.log.records(of: partition, from: from, limit: room)
            guard let last = records.last else {
                if from < self.log.offsets(of: number).lowerBound { self.stop(number) }
                continue
            }
            room -= records.count
            for record in records {
                switch self.decoder.decode(record) {
                case .event(let entry): batch.entries.append(entry)
                case .rejected(let rejection): batch.rejections.append(rejection)
                }
            }
            let range = OffsetRange(partition: partition, from: from, to: last.position.offset + 1)
            batch.ranges.append(range)
            self.standing.withLock { if $0.next[number] == from { $0.next[number] = range.to } }
        }
        return batch.isEmpty ? nil : batch
    }
}
