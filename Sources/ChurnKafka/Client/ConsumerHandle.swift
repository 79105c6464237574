import CRdKafka
import ChurnCore

/// The owner of one librdkafka consumer.
///
/// Made, used and closed by one thread.
///
/// Records come through a queue of our own, to which every partition's queue is forwarded before it is assigned.
/// Everything else (rebalances, errors, statistics, logs) comes as events through the consumer's queue. So the thread
/// can stop taking records while it goes on polling, which keeps `max.poll.interval.ms` and loses no prefetch, and there
/// is no C callback.
final class ConsumerHandle {
    let client: OpaquePointer
    let topic: String
    /// The queue where records arrive and the thread waits.
    let records: OpaquePointer
    private let events: OpaquePointer
    private let buffer: UnsafeMutableBufferPointer<UnsafeMutablePointer<rd_kafka_message_t>?>
    private var isClosed = false
    /// Whether a member with `cooperative-sticky` waits for its first assignment.
    private var isJoiningSticky = false

    /// Creates a consumer that reads nothing yet.
    ///
    /// - Parameter largestTake: the most records that one call of `take` may ask for.
    init(_ settings: ClientSettings, topic: String, largestTake: Int) throws {
        let interest =
            RD_KAFKA_EVENT_REBALANCE | RD_KAFKA_EVENT_OFFSET_COMMIT | RD_KAFKA_EVENT_STATS
        self.client = try settings.makeClient(RD_KAFKA_CONSUMER, events: interest)
        self.topic = topic
        // The main queue's events (errors, statistics, logs) come through the consumer's queue as well.
        rd_kafka_poll_set_consumer(self.client)
        guard let events = rd_kafka_queue_get_consumer(self.client), let records = rd_kafka_queue_new(self.client)
        else {
            rd_kafka_destroy(self.client)
            throw ChurnError(.internalError, .fatal, during: "creating a Kafka consumer", advice: "no queue was made")
        }
        self.events = events
        self.records = records
        self.buffer = .allocate(capacity: max(largestTake, 1))
    }

    deinit {
        self.close(within: .zero)
        self.buffer.deallocate()
    }

    /// Joins the group and asks for the topic; `isSticky` with `cooperative-sticky`.
    func subscribe(isSticky: Bool) throws {
        self.isJoiningSticky = isSticky
        let list = PartitionList([(RD_KAFKA_PARTITION_UA, Int64(RD_KAFKA_OFFSET_INVALID))], topic: self.topic)
        try Self.check(list.lend { rd_kafka_subscribe(self.client, $0) })
    }

    /// Reads exactly these partitions, each from its offset; those that were read and are not named are given up.
    func assign(_ partitions: [(Int32, Int64)]) throws {
        self.redirect(partitions.map(\.0))
        let list = PartitionList(partitions, topic: self.topic)
        try Self.check(list.lend { rd_kafka_assign(self.client, $0) })
    }

    /// Adds partitions under the cooperative protocol.
    func addAssigned(_ partitions: [(Int32, Int64)]) throws {
        self.redirect(partitions.map(\.0))
        let list = PartitionList(partitions, topic: self.topic)
        if let fault = KafkaFault(taking: list.lend { rd_kafka_incremental_assign(self.client, $0) }) { throw fault }
    }

    /// Gives partitions up under the cooperative protocol.
    func removeAssigned(_ partitions: [Int32]) throws {
        let list = PartitionList(partitions.map { ($0, 0) }, topic: self.topic)
        if let fault = KafkaFault(taking: list.lend { rd_kafka_incremental_unassign(self.client, $0) }) { throw fault }
    }

    /// Gives all partitions up.
    func unassign() throws { try Self.check(rd_kafka_assign(self.client, nil)) }

    /// Whether the group's protocol moves single partitions.
    var isCooperative: Bool {
        rd_kafka_rebalance_protocol(self.client).map { String(cString: $0) == "COOPERATIVE" } ?? false
    }

    /// Moves partitions that are being read; records fetched before never appear afterwards.
    ///
    /// Returns those that could not be moved (yet).
    func seek(_ partitions: [(Int32, Int64)]) -> Set<Int32> {
        let list = PartitionList(partitions, topic: self.topic)
        if KafkaFault(taking: list.lend { rd_kafka_seek_partitions(self.client, $0, 1_000) }) != nil {
            return Set(partitions.map(\.0))
        }
        return Set(list.elements.filter { $0.err != RD_KAFKA_RESP_ERR_NO_ERROR }.map(\.partition))
    }

    /// Has librdkafka fetch nothing of these partitions for a while, or go on; returns whether it will.
    ///
    /// What it holds when a pause begins is fetched again after it.
    func setPaused(_ isPaused: Bool, _ partitions: [Int32]) -> Bool {
        let list = PartitionList(partitions.map { ($0, 0) }, topic: self.topic)
        let change = isPaused ? rd_kafka_pause_partitions : rd_kafka_resume_partitions
        return list.lend { change(self.client, $0) } == RD_KAFKA_RESP_ERR_NO_ERROR
    }

    /// The number of records that librdkafka holds for us.
    var queuedRecords: Int { rd_kafka_queue_length(self.records) }

    /// Hands offsets to the group in the background.
    ///
    /// The outcome is an event.
    func commit(_ offsets: [(Int32, Int64)]) {
        _ = PartitionList(offsets, topic: self.topic).lend { rd_kafka_commit(self.client, $0, 1) }
    }

    /// Takes records, waiting for the first as long as `wait` says and then, where `gather` is positive, for more.
    ///
    /// - Returns: how many records were handed to `body`; each is valid for its call only.
    func take(
        atMost count: Int, wait: Int32, gather: Int32, _ body: (UnsafeMutablePointer<rd_kafka_message_t>) -> Void
    ) -> Int {
        guard let base = self.buffer.baseAddress else { return 0 }
        let limit = min(count, self.buffer.count)
        var taken = max(0, rd_kafka_consume_batch_queue(self.records, gather, base, limit))
        if taken == 0, gather == 0, let first = rd_kafka_consume_queue(self.records, wait) {
            base[0] = first
            taken = 1
        }
        for index in 0..<taken {
            guard let message = base[index] else { continue }
            body(message)
            rd_kafka_message_destroy(message)
        }
        return taken
    }

    /// The next event, waiting at most `wait` milliseconds for one.
    ///
    /// Counts as a poll of the consumer.
    func nextEvent(wait: Int32) -> ClientEvent? { self.nextEvent(self.events, wait: wait) }

    /// Leaves the group and frees the client.
    ///
    /// After `timeout` it is freed without waiting for the coordinator, which then finds out when the session times
    /// out. Safe to repeat.
    ///
    /// Before 2.3.0 librdkafka ends the process where a member of a group with `cooperative-sticky` is freed before its
    /// first assignment (#4312, fixed by #4381). There such a client has left the group and is left alone otherwise:
    /// two idle threads until the process ends.
    func close(within timeout: Duration) {
        guard !self.isClosed else { return }
        self.isClosed = true
        rd_kafka_queue_destroy(self.records)
        rd_kafka_queue_destroy(self.events)
        if timeout > .zero, let last = rd_kafka_queue_new(self.client) {
            let deadline = ContinuousClock.now + timeout
            _ = KafkaFault(taking: rd_kafka_consumer_close_queue(self.client, last))
            while rd_kafka_consumer_closed(self.client) == 0, ContinuousClock.now < deadline {
                switch self.nextEvent(last, wait: 50) {
                case .revoked(let partitions, _) where self.isCooperative: try? self.removeAssigned(partitions)
                case .revoked, .assigned: try? self.unassign()
                default: break
                }
            }
            rd_kafka_queue_destroy(last)
        }
        if rd_kafka_version() < 0x0203_0000, self.isJoiningSticky { return }
        rd_kafka_destroy_flags(self.client, RD_KAFKA_DESTROY_F_NO_CONSUMER_CLOSE)
    }

    /// Sends the records of these partitions to our queue, also those that already wait.
    ///
    /// Must come before the assignment, or the first records would go to the consumer's queue. When a partition is
    /// assigned again, librdkafka stops it first, some time later, and that takes the redirection away: it is to be
    /// repeated until a record arrives.
    func redirect(_ partitions: [Int32]) {
        for partition in partitions {
            guard let queue = rd_kafka_queue_get_partition(self.client, self.topic, partition) else { continue }
            rd_kafka_queue_forward(queue, self.records)
            rd_kafka_queue_destroy(queue)
        }
    }

    private func nextEvent(_ queue: OpaquePointer, wait: Int32) -> ClientEvent? {
        var wait = wait
        while let event = rd_kafka_queue_poll(queue, wait) {
            defer { rd_kafka_event_destroy(event) }
            if let known = ClientEvent(event, client: self.client) {
                if case .assigned = known { self.isJoiningSticky = false }
                return known
            }
            wait = 0
        }
        return nil
    }

    private static func check(_ code: rd_kafka_resp_err_t) throws {
        if code != RD_KAFKA_RESP_ERR_NO_ERROR { throw KafkaFault(code) }
    }
}
