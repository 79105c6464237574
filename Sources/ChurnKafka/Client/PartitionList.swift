import CRdKafka

/// The owner of a C list of one topic's partitions with offsets.
final class PartitionList {
    private let pointer: UnsafeMutablePointer<rd_kafka_topic_partition_list_t>?

    init(_ partitions: [(Int32, Int64)], topic: String) {
        // librdkafka ends the process itself where it has no memory; nil does not happen, and is an empty list.
        self.pointer = rd_kafka_topic_partition_list_new(Int32(clamping: partitions.count))
        for (partition, offset) in partitions {
            rd_kafka_topic_partition_list_add(self.pointer, topic, partition)?.pointee.offset = offset
        }
    }

    /// Lends the C list to a call, during which it stays alive.
    func lend<Result>(_ body: (UnsafeMutablePointer<rd_kafka_topic_partition_list_t>?) -> Result) -> Result {
        withExtendedLifetime(self) { body(self.pointer) }
    }

    deinit { rd_kafka_topic_partition_list_destroy(self.pointer) }

    /// The elements with what the last call wrote into them.
    var elements: [rd_kafka_topic_partition_t] {
        self.lend { list in
            guard let list, let elements = list.pointee.elems else { return [] }
            return (0..<Int(list.pointee.cnt)).map { elements[$0] }
        }
    }
}
