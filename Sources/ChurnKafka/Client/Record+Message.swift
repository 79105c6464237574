import CRdKafka
import ChurnCore

extension Record {
    /// Copies a record out of librdkafka's memory.
    init(_ message: UnsafeMutablePointer<rd_kafka_message_t>, partition: StreamPartition) {
        self.init(
            position: StreamPosition(partition: partition, offset: message.pointee.offset),
            key: [UInt8](message.pointee.key, count: message.pointee.key_len),
            value: [UInt8](message.pointee.payload, count: message.pointee.len),
            headers: Self.headers(message), time: Self.time(message))
    }

    private static func headers(_ message: UnsafeMutablePointer<rd_kafka_message_t>) -> [RecordHeader] {
        var list: OpaquePointer?
        guard rd_kafka_message_headers(message, &list) == RD_KAFKA_RESP_ERR_NO_ERROR, let list else { return [] }
        var headers: [RecordHeader] = []
        var name: UnsafePointer<CChar>?
        var value: UnsafeRawPointer?
        var size = 0
        while rd_kafka_header_get_all(list, headers.count, &name, &value, &size) == RD_KAFKA_RESP_ERR_NO_ERROR {
            headers.append(
                RecordHeader(
                    name: name.map { String(cString: $0) } ?? "",
                    value: [UInt8](value.map { UnsafeMutableRawPointer(mutating: $0) }, count: size)))
        }
        return headers
    }

    /// The record's time.
    ///
    /// A producer may have written any 64-bit number, so it is held to the years that every store can keep; a record
    /// without one counts as 1970, which a replay decides the same.
    private static func time(_ message: UnsafeMutablePointer<rd_kafka_message_t>) -> Timestamp {
        var type = RD_KAFKA_TIMESTAMP_NOT_AVAILABLE
        let milliseconds = rd_kafka_message_timestamp(message, &type)
        guard type != RD_KAFKA_TIMESTAMP_NOT_AVAILABLE else { return Timestamp(microseconds: 0) }
        return Timestamp(microseconds: min(max(milliseconds, 0), 253_402_300_799_999) * 1_000)
    }
}

extension [UInt8] {
    /// Copies C memory; nil where there is none, which is not the same as empty.
    fileprivate init?(_ start: UnsafeMutableRawPointer?, count: Int) {
        guard let start else { return nil }
        self.init(UnsafeRawBufferPointer(start: start, count: count))
    }
}
