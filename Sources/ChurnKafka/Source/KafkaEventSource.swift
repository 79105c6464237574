public import ChurnCore
public import Logging
public import Metrics

/// Reads events from a Kafka topic, as a member of a consumer group or with partitions of its own.
///
/// Progress lives in the sink: every partition starts where the sink says, and what the group commits is a hint. A
/// thread of its own polls Kafka, decodes, and reads ahead by a bounded amount; while that is full it stops taking
/// records and goes on polling. What was read ahead of a partition is thrown away when the partition leaves.
///
/// How errors end: while no broker answers, or the topic does not exist, the health board says so under `source`,
/// `nextBatch()` waits and librdkafka goes on trying. Errors that librdkafka calls fatal, above all another process with the same
/// `group.instance.id`, throw an error of disposition `fatal` from then on. A position outside the log stops its
/// partition only; the health board says so under `source` until the position is reset.
public final class KafkaEventSource: EventSource {
    private let shared: ConsumerLoop.Shared
    private let store = Locked<(any PositionStore)?>(nil)
    private let ended = Completion()

    /// Creates a source, which connects to nothing yet.
    ///
    /// - Parameters:
    ///   - configuration: what to read.
    ///   - decoder: turns records into events or rejections, on the source's thread.
    ///   - health: gets the component `source`.
    ///   - logger: gets librdkafka's log at `debug`; partitions that are gained and lost, and what retention destroyed, at
    ///     `info`.
    ///   - metrics: gets lag, statistics and rebalances.
    public init(
        _ configuration: KafkaSourceConfiguration, decoder: EventDecoder, health: HealthBoard, logger: Logger,
        metrics: any MetricsFactory = MetricsSystem.factory
    ) {
        let prefetch = Prefetch(
            PrefetchQueue.Limits(
                batchSize: configuration.batchSize, batchBytes: configuration.maximumBatchBytes,
                linger: configuration.linger, records: configuration.maximumPrefetchedRecords,
                bytes: configuration.maximumPrefetchedBytes))
        self.shared = ConsumerLoop.Shared(
            configuration: configuration, decoder: decoder, prefetch: prefetch, health: health, logger: logger,
            metrics: metrics)
    }

    /// Checks a configuration by making a client of it, which connects to nothing and is thrown away.
    ///
    /// - Throws: `fatal` for settings that librdkafka refuses.
    package static func check(_ configuration: KafkaSourceConfiguration) throws {
        let handle = try ConsumerHandle(configuration.clientSettings(), topic: configuration.topic, largestTake: 1)
        handle.close(within: .zero)
    }

    // The thread holds no reference to the source; it ends when the source is let go.
    deinit { self.shared.mailbox.post(.stop) }

    /// Starts the source's thread, which connects and asks for partitions.
    ///
    /// - Throws: `fatal` for settings that librdkafka refuses.
    public func start(positions: any PositionStore) async throws {
        let isFirst = self.store.withLock { store in
            defer { store = store ?? positions }
            return store == nil
        }
        guard isFirst else {
            throw ChurnError(
                .internalError, .fatal, during: "starting the Kafka source", advice: "start is called once")
        }
        let (shared, ended) = (self.shared, self.ended)
        try await withCheckedThrowingContinuation { (continuation: CheckedContinuation<Void, any Error>) in
            // Ends with `.stop`, which close() and deinit post, or with a fatal error.
            NamedThread.start("churn-kafka") {
                do {
                    let loop = try ConsumerLoop(shared)
                    continuation.resume()
                    loop.run()
                } catch {
                    shared.mailbox.close()
                    continuation.resume(throwing: error)
                }
                ended.fulfil()
            }
        }
    }

    /// Waits for the next batch; nil once the source is closed.
    ///
    /// Also asks the sink for positions whenever partitions come to this process, so the group waits for the caller.
    public func nextBatch() async throws -> EventBatch? {
        while true {
            try Task.checkCancellation()
            switch self.shared.prefetch.take() {
            case .batch(let batch): return batch
            case .end(let error?): throw error
            case .end(nil): return nil
            case .question(let question): try await self.answer(question)
            case .nothing: await self.shared.prefetch.wait()
            }
        }
    }

    /// Throws away what was read ahead of these partitions; the next call of `nextBatch()` asks where they go on.
    public func restart(_ partitions: Set<StreamPartition>) async throws {
        guard let name = self.streamName else { return }
        let numbers = Set(partitions.lazy.filter { $0.stream.name == name }.map(\.partition))
        guard !numbers.isEmpty else { return }
        let done = Completion()
        self.shared.mailbox.post(.restart(numbers, done))
        await done.wait()
        try Task.checkCancellation()
    }

    /// Reports to the group, within half a second, how far the sink has come; never waits, and failures are only
    /// logged.
    public func commit(_ ranges: [OffsetRange]) async { self.shared.mailbox.post(.commit(ranges)) }

    /// Leaves the group and ends the source: `nextBatch()` gives nil at once.
    ///
    /// Returns when the client is gone, or after twice the configured close timeout, whichever comes first. Safe to
    /// repeat, and from any task.
    public func close() async {
        self.shared.prefetch.end()
        self.shared.mailbox.post(.stop)
        guard self.store.withLock({ $0 != nil }) else { return }
        if await !self.ended.wait(atMost: self.shared.configuration.closeTimeout * 2) {
            self.shared.logger.debug("the Kafka client did not end in time")
        }
    }

    /// The stream's name, once the cluster is known.
    public var streamName: StreamName? { self.shared.name.withLock { $0 } }

    /// The number of records that were read ahead and wait to be asked for.
    public var prefetchedRecords: Int { self.shared.prefetch.size.records }

    /// Asks the sink on the thread's behalf, since it is asynchronous and the thread is not.
    private func answer(_ question: Assignment.Question) async throws {
        guard let store = self.store.withLock({ $0 }), let name = self.streamName else { return }
        let positions =
            switch question.kind {
            case .positions(let partitions): try await store.positions(of: name, partitions: partitions)
            case .pin(let starts, let stream, let count):
                try await store.pin(starts, of: stream, partitionCount: count)
            }
        self.shared.prefetch.withdraw(question.id)
        self.shared.mailbox.post(.answer(question.id, positions))
    }
}
