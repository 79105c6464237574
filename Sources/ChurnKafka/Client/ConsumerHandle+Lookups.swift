import CRdKafka

/// Questions to the brokers.
///
/// Each blocks its thread, for a bounded time.
extension ConsumerHandle {
    /// The id that the cluster gives itself; nil where no broker answered in time or none is given.
    func clusterID(timeout: Int32) -> String? { TopicMetadata.clusterID(client: self.client, timeout: timeout) }

    /// Returns the number of the topic's partitions.
    func partitionCount(timeout: Int32) throws -> Int {
        try TopicMetadata.partitionCount(of: self.topic, client: self.client, timeout: timeout)
    }

    /// Returns the group's committed offsets, for those of the partitions that have one.
    func committed(_ partitions: [Int32], timeout: Int32) throws -> [Int32: Int64] {
        let list = PartitionList(partitions.map { ($0, Int64(RD_KAFKA_OFFSET_INVALID)) }, topic: self.topic)
        let code = list.lend { rd_kafka_committed(self.client, $0, timeout) }
        guard code == RD_KAFKA_RESP_ERR_NO_ERROR else { throw KafkaFault(code) }
        var found: [Int32: Int64] = [:]
        for element in list.elements {
            guard element.err == RD_KAFKA_RESP_ERR_NO_ERROR else { throw KafkaFault(element.err) }
            if element.offset >= 0 { found[element.partition] = element.offset }
        }
        return found
    }

    /// The partition's oldest offset and the one behind its newest, asked from its leader.
    func watermarks(_ partition: Int32, timeout: Int32) throws -> Range<Int64> {
        try TopicMetadata.watermarks(of: partition, self.topic, client: self.client, timeout: timeout)
    }

    /// The offset behind the partition's newest record as the last fetch reported it; nil before the first.
    func lastKnownEnd(_ partition: Int32) -> Int64? {
        var low: Int64 = 0
        var high: Int64 = 0
        let code = rd_kafka_get_watermark_offsets(self.client, self.topic, partition, &low, &high)
        return code == RD_KAFKA_RESP_ERR_NO_ERROR && high >= 0 ? high : nil
    }
}

/// The brokers' metadata of themselves and a topic.
enum TopicMetadata {
    /// The id that the cluster gives itself; nil where no broker answered in time or none is given.
    static func clusterID(client: OpaquePointer, timeout: Int32) -> String? {
        guard let id = rd_kafka_clusterid(client, timeout) else { return nil }
        defer { rd_kafka_mem_free(client, id) }
        return String(cString: id)
    }

    /// A partition's oldest offset and the one behind its newest.
    static func watermarks(
        of partition: Int32, _ topic: String, client: OpaquePointer, timeout: Int32
    ) throws -> Range<Int64> {
        var low: Int64 = 0
        var high: Int64 = 0
        let code = rd_kafka_query_watermark_offsets(client, topic, partition, &low, &high, timeout)
        guard code == RD_KAFKA_RESP_ERR_NO_ERROR else { throw KafkaFault(code) }
        return low..<max(low, high)
    }

    /// Returns the number of a topic's partitions.
    static func partitionCount(of topic: String, client: OpaquePointer, timeout: Int32) throws -> Int {
        guard let handle = rd_kafka_topic_new(client, topic, nil) else { throw KafkaFault(rd_kafka_last_error()) }
        defer { rd_kafka_topic_destroy(handle) }
        var answer: UnsafePointer<rd_kafka_metadata>?
        let code = rd_kafka_metadata(client, 0, handle, &answer, timeout)
        guard code == RD_KAFKA_RESP_ERR_NO_ERROR, let answer else { throw KafkaFault(code) }
        defer { rd_kafka_metadata_destroy(answer) }
        guard answer.pointee.topic_cnt > 0, let found = answer.pointee.topics else {
            throw KafkaFault(RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART)
        }
        guard found.pointee.err == RD_KAFKA_RESP_ERR_NO_ERROR else { throw KafkaFault(found.pointee.err) }
        return Int(found.pointee.partition_cnt)
    }
}
