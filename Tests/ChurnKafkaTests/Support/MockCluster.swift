import CRdKafka
import ChurnKafka
import Foundation
import Synchronization
import Testing

/// librdkafka's own cluster inside of this process, for faults that a real broker cannot be asked for.
///
/// Lives as long as the object; clients must be closed before.
final class MockCluster: @unchecked Sendable {
    // Both addresses are constant, and librdkafka's mock API takes its own lock.
    private let host: OpaquePointer
    private let cluster: OpaquePointer
    /// Sockets that keep the ports of brokers that are down.
    private let keepers = Mutex<[Int32: Int32]>([:])

    init(brokers: Int32 = 1) throws {
        let configuration = rd_kafka_conf_new()
        rd_kafka_conf_set(configuration, "log_level", "0", nil, 0)
        self.host = try #require(rd_kafka_new(RD_KAFKA_PRODUCER, configuration, nil, 0))
        self.cluster = try #require(rd_kafka_mock_cluster_new(self.host, brokers))
    }

    deinit {
        self.keepers.withLock { $0.values.forEach { _ = close($0) } }
        rd_kafka_mock_cluster_destroy(self.cluster)
        rd_kafka_destroy(self.host)
    }

    var addresses: String { String(cString: rd_kafka_mock_cluster_bootstraps(self.cluster)) }

    var connection: KafkaConnection { KafkaConnection(brokers: self.addresses) }

    func createTopic(_ name: String, partitions: Int32) {
        rd_kafka_mock_topic_create(self.cluster, name, partitions, 1)
    }

    /// Stops a broker, whose port no other socket of the machine gets meanwhile: librdkafka's mock ends the process
    /// where it cannot listen there again.
    func setDown(_ broker: Int32 = 1) throws {
        rd_kafka_mock_broker_set_down(self.cluster, broker)
        let keeper = try Self.socket(boundTo: try #require(self.port(of: broker)))
        self.keepers.withLock { $0[broker] = keeper }
    }

    /// Starts a broker that was stopped.
    func setUp(_ broker: Int32 = 1) {
        rd_kafka_mock_broker_set_up(self.cluster, broker)
        self.keepers.withLock { _ = $0.removeValue(forKey: broker).map { close($0) } }
    }

    private func port(of broker: Int32) -> UInt16? {
        let addresses = self.addresses.split(separator: ",")
        return addresses[Int(broker) - 1].split(separator: ":").last.flatMap { UInt16($0) }
    }

    /// A socket that has a port without listening there; one that allows it, as the mock's does, may bind beside it.
    private static func socket(boundTo port: UInt16) throws -> Int32 {
        let descriptor = Foundation.socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var isShared: Int32 = 1
        setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &isShared, socklen_t(MemoryLayout<Int32>.size))
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        let status = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        try #require(status == 0, "the broker's port \(port) was taken as it stopped")
        return descriptor
    }

    /// Every answer of the broker comes this many milliseconds late.
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
