import CRdKafka

/// An event that librdkafka passes to a client beside records and delivery reports.
enum ClientEvent {
    /// The group gave these partitions to this member, which must answer with an assignment.
    case assigned([Int32])
    /// The group takes these partitions away (`lost`: it has already given them to others).
    case revoked([Int32], lost: Bool)
    /// A commit's outcome, where it failed.
    case commitFailed(KafkaFault)
    /// An error of a broker, of the group or of the topic.
    case failed(KafkaFault, isFatal: Bool)
    /// librdkafka's statistics as JSON.
    case statistics(String)
    /// A line of librdkafka's log.
    case log(String)

    /// Reads an event; nil where it says nothing that is needed.
    init?(_ event: OpaquePointer, client: OpaquePointer) {
        switch rd_kafka_event_type(event) {
        case RD_KAFKA_EVENT_REBALANCE:
            let partitions = Self.partitions(rd_kafka_event_topic_partition_list(event))
            switch rd_kafka_event_error(event) {
            case RD_KAFKA_RESP_ERR__ASSIGN_PARTITIONS: self = .assigned(partitions)
            default: self = .revoked(partitions, lost: rd_kafka_assignment_lost(client) != 0)
            }
        case RD_KAFKA_EVENT_OFFSET_COMMIT:
            let code = rd_kafka_event_error(event)
            guard code != RD_KAFKA_RESP_ERR_NO_ERROR, code != RD_KAFKA_RESP_ERR__NO_OFFSET else { return nil }
            self = .commitFailed(KafkaFault(code, text: Self.text(event)))
        case RD_KAFKA_EVENT_ERROR:
            let isFatal = rd_kafka_event_error_is_fatal(event) != 0
            var code = rd_kafka_event_error(event)
            if isFatal { code = rd_kafka_fatal_error(client, nil, 0) }
            self = .failed(KafkaFault(code, text: Self.text(event)), isFatal: isFatal)
        case RD_KAFKA_EVENT_STATS:
            guard let text = rd_kafka_event_stats(event) else { return nil }
            self = .statistics(String(cString: text))
        case RD_KAFKA_EVENT_LOG:
            var facility: UnsafePointer<CChar>?
            var text: UnsafePointer<CChar>?
            var level: Int32 = 0
            guard rd_kafka_event_log(event, &facility, &text, &level) == 0, let text else { return nil }
            self = .log(String(cString: text))
        default: return nil
        }
    }

    private static func text(_ event: OpaquePointer) -> String {
        rd_kafka_event_error_string(event).map { String(cString: $0) } ?? ""
    }

    private static func partitions(_ list: UnsafeMutablePointer<rd_kafka_topic_partition_list_t>?) -> [Int32] {
        guard let list, let elements = list.pointee.elems else { return [] }
        return (0..<Int(list.pointee.cnt)).map { elements[$0].partition }
    }
}
