import CRdKafka
public import ChurnCore

/// Looks at topics and makes them, for commands and tests.
///
/// Not on the path of an event.
public struct KafkaTopics: Sendable {
    /// The description of a topic.
    public struct Description: Sendable, Hashable {
        /// The stream's name: the cluster's id and the topic.
        public var stream: StreamName
        /// For each partition, the oldest offset that is kept and the one behind the newest record.
        public var logs: [Int32: Range<Int64>]
    }

    private let connection: KafkaConnection
    private let clusterID: String?

    /// Creates a tool for one cluster.
    ///
    /// - Parameters:
    ///   - connection: the cluster.
    ///   - clusterID: the cluster's name in stream identities; nil takes the id that the cluster gives itself.
    public init(_ connection: KafkaConnection, clusterID: String? = nil) {
        self.connection = connection
        self.clusterID = clusterID
    }

    /// A topic's stream name, partitions and the bounds of their logs; nil where there is no such topic.
    public func describe(_ topic: String) async throws -> Description? {
        try await self.onThread("describing a topic") { client in
            let count: Int
            do {
                count = try TopicMetadata.partitionCount(of: topic, client: client, timeout: 5_000)
            } catch let fault as KafkaFault where fault.code == RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART {
                return nil
            }
            var logs: [Int32: Range<Int64>] = [:]
            for partition in 0..<Int32(clamping: count) {
                logs[partition] = try TopicMetadata.watermarks(of: partition, topic, client: client, timeout: 5_000)
            }
            guard let cluster = self.clusterID ?? TopicMetadata.clusterID(client: client, timeout: 5_000) else {
                throw KafkaFault(RD_KAFKA_RESP_ERR__TIMED_OUT)
            }
            return Description(stream: StreamName(cluster: cluster, topic: topic), logs: logs)
        }
    }

    /// Makes a topic; one that exists already is left as it is.
    ///
    /// Returns whether it was made.
    @discardableResult
    public func create(
        _ topic: String, partitions: Int32, replicas: Int32 = 1, settings: [String: String] = [:]
    ) async throws -> Bool {
        try await self.onThread("creating a topic") { client in
            var reason = [CChar](repeating: 0, count: 256)
            guard let fresh = rd_kafka_NewTopic_new(topic, partitions, replicas, &reason, reason.count) else {
                throw ChurnError(
                    .invalidConfiguration, .fatal, during: "creating a topic", advice: String(terminated: reason))
            }
            defer { rd_kafka_NewTopic_destroy(fresh) }
            for (name, value) in settings { rd_kafka_NewTopic_set_config(fresh, name, value) }
            var list: [OpaquePointer?] = [fresh]
            let outcome = try self.answer(
                client, send: { rd_kafka_CreateTopics(client, &list, 1, $0, $1) },
                results: { rd_kafka_CreateTopics_result_topics($0, &$1) })
            return try Self.check(outcome, harmless: RD_KAFKA_RESP_ERR_TOPIC_ALREADY_EXISTS)
        }
    }

    /// Deletes a topic; one that does not exist is no error.
    ///
    /// Returns whether it existed.
    @discardableResult
    public func delete(_ topic: String) async throws -> Bool {
        try await self.onThread("deleting a topic") { client in
            guard let gone = rd_kafka_DeleteTopic_new(topic) else { return false }
            defer { rd_kafka_DeleteTopic_destroy(gone) }
            var list: [OpaquePointer?] = [gone]
            let outcome = try self.answer(
                client, send: { rd_kafka_DeleteTopics(client, &list, 1, $0, $1) },
                results: { rd_kafka_DeleteTopics_result_topics($0, &$1) })
            return try Self.check(outcome, harmless: RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART)
        }
    }

    /// Returns whether a request changed something; nothing where the outcome is the harmless one.
    private static func check(_ outcome: rd_kafka_resp_err_t, harmless: rd_kafka_resp_err_t) throws -> Bool {
        guard outcome == RD_KAFKA_RESP_ERR_NO_ERROR || outcome == harmless else { throw KafkaFault(outcome) }
        return outcome != harmless
    }

    /// Sends an admin request and waits for its one result.
    private func answer(
        _ client: OpaquePointer, send: (OpaquePointer?, OpaquePointer?) -> Void,
        results: (OpaquePointer?, inout Int) -> UnsafeMutablePointer<OpaquePointer?>?
    ) throws -> rd_kafka_resp_err_t {
        let options = rd_kafka_AdminOptions_new(client, RD_KAFKA_ADMIN_OP_ANY)
        let queue = rd_kafka_queue_new(client)
        defer {
            rd_kafka_queue_destroy(queue)
            rd_kafka_AdminOptions_destroy(options)
        }
        rd_kafka_AdminOptions_set_request_timeout(options, 10_000, nil, 0)
        rd_kafka_AdminOptions_set_operation_timeout(options, 5_000, nil, 0)
        send(options, queue)
        guard let event = rd_kafka_queue_poll(queue, 15_000) else { throw KafkaFault(RD_KAFKA_RESP_ERR__TIMED_OUT) }
        defer { rd_kafka_event_destroy(event) }
        let code = rd_kafka_event_error(event)
        guard code == RD_KAFKA_RESP_ERR_NO_ERROR else { throw KafkaFault(code) }
        var count = 0
        guard let found = results(event, &count), count == 1 else { throw KafkaFault(RD_KAFKA_RESP_ERR__BAD_MSG) }
        return rd_kafka_topic_result_error(found[0])
    }

    /// Runs calls that block on a thread of their own, with a client of their own.
    private func onThread<Result: Sendable>(
        _ operation: StaticString, _ body: @escaping @Sendable (OpaquePointer) throws -> Result
    ) async throws -> Result {
        let settings = ClientSettings(self.connection, defaults: ["allow.auto.create.topics": "false"], fixed: [:])
        return try await ClientThread.run(named: "churn-topics") {
            let client = try settings.makeClient(RD_KAFKA_PRODUCER, events: 0)
            defer { rd_kafka_destroy(client) }
            do {
                return try body(client)
            } catch let fault as KafkaFault {
                throw fault.churnError(during: operation)
            }
        }
    }
}
