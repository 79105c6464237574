import Foundation

/// The few of librdkafka's statistics that become metrics.
struct ClientStatistics: Equatable {
    /// Brokers with a working connection.
    var brokersUp = 0
    /// Records that librdkafka holds for us.
    var fetchQueue = 0
    /// Bytes received since the client was made.
    var receivedBytes = 0

    /// Reads librdkafka's JSON; nil where it is not of the expected form.
    init?(json: String) {
        guard let raw = try? JSONDecoder().decode(Raw.self, from: Data(json.utf8)) else { return nil }
        self.brokersUp = (raw.brokers ?? [:]).values.count { $0.state == "UP" && ($0.nodeid ?? -1) >= 0 }
        self.receivedBytes = raw.rx_bytes ?? 0
        self.fetchQueue = (raw.topics ?? [:]).values.reduce(0) { sum, topic in
            (topic.partitions ?? [:]).values.reduce(sum) { $0 + ($1.fetchq_cnt ?? 0) }
        }
    }

    // The names are librdkafka's.
    private struct Raw: Decodable {
        struct Broker: Decodable {
            var state: String?
            var nodeid: Int?
        }
        struct Partition: Decodable { var fetchq_cnt: Int? }
        struct Topic: Decodable { var partitions: [String: Partition]? }
        var brokers: [String: Broker]?
        var topics: [String: Topic]?
        var rx_bytes: Int?
    }
}
