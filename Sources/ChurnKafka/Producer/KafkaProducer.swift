import CRdKafka
import ChurnCore
public import Logging

/// Writes records into a topic and waits for their delivery reports.
///
/// Thread-safe. The queue is bounded: a caller waits while it is full. Records are acknowledged by all in-sync
/// replicas.
public final class KafkaProducer: Sendable {
    /// The configuration of a producer.
    public struct Configuration: Sendable {
        /// The cluster.
        public var connection: KafkaConnection
        /// The topic.
        public var topic: String
        /// The most records that wait for their delivery.
        public var maximumQueuedRecords = 100_000
        /// The most bytes that wait for their delivery.
        public var maximumQueuedBytes = 64 << 20
        /// The time that a record waits for others to share a request with.
        public var linger = Duration.milliseconds(5)
        /// The time for which a record is tried before it counts as not delivered.
        public var deliveryTimeout = Duration.seconds(30)
        /// The largest record that is sent; must not be above the broker's limit.
        public var maximumRecordBytes = 16 << 20

        /// Creates a configuration; everything else has defaults.
        public init(connection: KafkaConnection, topic: String) {
            self.connection = connection
            self.topic = topic
        }
    }

    private let configuration: Configuration
    private let handle: ProducerHandle
    private let deliveries = Deliveries()
    private let closing = Completion()
    private let ended = Completion()

    /// Creates a producer and starts its thread, which ends with `close()`.
    public init(_ configuration: Configuration, logger: Logger) throws {
        guard !configuration.topic.isEmpty else {
            throw ChurnError(
                .invalidConfiguration, .fatal, during: "configuring a Kafka producer", advice: "the topic has no name")
        }
        self.configuration = configuration
        let defaults = [
            "linger.ms": "\(configuration.linger.milliseconds)",
            "message.timeout.ms": "\(configuration.deliveryTimeout.milliseconds)",
            "queue.buffering.max.messages": "\(max(1, configuration.maximumQueuedRecords))",
            "queue.buffering.max.kbytes": "\(max(1, configuration.maximumQueuedBytes >> 10))",
            "message.max.bytes": "\(configuration.maximumRecordBytes)",
            "partitioner": "murmur2_random",
            // Keeps the order within a key when a request is sent again.
            "max.in.flight.requests.per.connection": "1",
            "reconnect.backoff.max.ms": "2000",
        ]
        let settings = ClientSettings(configuration.connection, defaults: defaults, fixed: ["acks": "all"])
        let handle = try ProducerHandle(settings)
        self.handle = handle
        let (deliveries, closing, ended) = (self.deliveries, self.closing, self.ended)
        let connection = configuration.connection
        // Ends after close(), which deinit calls for: it delivers what it can, purges the rest and frees the client.
        NamedThread.start("churn-producer") {
            var deadline: ContinuousClock.Instant?
            var hasPurged = false
            while true {
                handle.poll(
                    wait: 20,
                    reports: { reports in
                        for (number, fault) in reports { deliveries.finish(number, fault: fault) }
                    },
                    others: { event in
                        if case .failed(let fault, _) = event {
                            logger.debug("Kafka reports an error", metadata: ["churn.kafka.error": "\(fault)"])
                        } else if case .log(let line) = event {
                            logger.debug("librdkafka", metadata: ["churn.kafka.line": "\(connection.redacting(line))"])
                        }
                    })
                deliveries.noteRoom()
                guard closing.isFulfilled else { continue }
                deadline = deadline ?? ContinuousClock.now + .seconds(5)
                guard handle.unfinished > 0 else { break }
                if let deadline, ContinuousClock.now > deadline {
                    if hasPurged { break }
                    hasPurged = true
                    handle.purge()
                }
            }
            handle.destroy()
            deliveries.close(KafkaFault(RD_KAFKA_RESP_ERR__DESTROY))
            ended.fulfil()
        }
    }

    deinit { self.closing.fulfil() }

    /// Sends records in order and waits until all are delivered.
    ///
    /// - Throws: `retry` where a record was not delivered: none, some or all may be in the topic. `reject` for a record
    ///   that is too large. `CancellationError` when the task is cancelled, at once.
    public func send(_ records: [OutgoingRecord]) async throws {
        guard !records.isEmpty else { return }
        let number = self.deliveries.begin(records.count)
        for (index, record) in records.enumerated() {
            var isHanded = false
            while !isHanded {
                switch self.handle.send(record, to: self.configuration.topic, number: number) {
                case .accepted: isHanded = true
                case .full:
                    await self.deliveries.waitForRoom()
                    guard !Task.isCancelled else {
                        _ = await self.deliveries.outcome(number)
                        throw CancellationError()
                    }
                case .refused(let fault):
                    self.deliveries.finish(number, count: records.count - index, fault: fault)
                    _ = await self.deliveries.outcome(number)
                    throw Self.error(fault)
                }
            }
        }
        let fault = await self.deliveries.outcome(number)
        if fault != nil { try Task.checkCancellation() }
        if let fault { throw Self.error(fault) }
    }

    /// Delivers what is on its way, for at most five seconds, and frees the client.
    ///
    /// Safe to repeat.
    public func close() async {
        self.closing.fulfil()
        _ = await self.ended.wait(atMost: .seconds(15))
    }

    private static func error(_ fault: KafkaFault) -> ChurnError {
        let isTooLarge = fault.code == RD_KAFKA_RESP_ERR_MSG_SIZE_TOO_LARGE
        return ChurnError(
            isTooLarge ? .dataRefused : .sourceUnavailable, isTooLarge ? .reject : .retry, during: "writing to Kafka",
            advice: isTooLarge ? "a record is larger than the topic accepts" : fault.advice, underlying: fault)
    }
}
