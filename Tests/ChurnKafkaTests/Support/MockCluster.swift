import CRdKafka
import ChurnKafka
import Testing

/// librdkafka's own cluster inside of this process, for faults that a real broker cannot be asked for.
///
/// Lives as long as the object; clients must be closed before.
final class MockCluster: @unchecked Sendable {
    // Both addresses are constant, and librdkafka's mock API takes its own lock.
    private let host: OpaquePointer
    private let cluster: OpaquePointer

    init(brokers: Int32 = 1) throws {
        let configuration = rd_kafka_conf_new()
        rd_kafka_conf_set(configuration, "log_level", "0", nil, 0)
        self.host = try #require(rd_kafka_new(RD_KAFKA_PRODUCER, configuration, nil, 0))
        self.cluster = try #require(rd_kafka_mock_cluster_new(self.host, brokers))
    }

    deinit {
        rd_kafka_mock_cluster_destroy(self.cluster)
        rd_kafka_destroy(self.host)
    }

    var addresses: String { String(cString: rd_kafka_mock_cluster_bootstraps(self.cluster)) }

    var connection: KafkaConnection { KafkaConnection(brokers: self.addresses) }

    func createTopic(_ name: String, partitions: Int32) {
        rd_kafka_mock_topic_create(self.cluster, name, partitions, 1)
    }

    func setDown(_ broker: Int32 = 1) { rd_kafka_mock_broker_set_down(self.cluster, broker) }
    func setUp(_ broker: Int32 = 1) { rd_kafka_mock_broker_set_up(self.cluster, broker) }

    /// Every answer of the broker comes so many milliseconds late.
    func delay(_ broker: Int32 = 1, by milliseconds: Int32) {
        rd_kafka_mock_broker_set_rtt(self.cluster, broker, milliseconds)
    }

    /// The next requests of this kind are answered with these errors.
    func fail(_ apiKey: Int16, with errors: [rd_kafka_resp_err_t]) {
        rd_kafka_mock_push_request_errors_array(self.cluster, apiKey, errors.count, errors)
    }

    /// The protocol's number of a fetch request.
    static let fetch: Int16 = 1
    /// The protocol's number of a member's heartbeat.
    static let heartbeat: Int16 = 12
}
