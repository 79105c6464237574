import CRdKafka
import ChurnCore

/// The owner of one librdkafka producer.
///
/// Thread-safe: the client's address is used under the lock only, and is gone from there before the client is freed.
final class ProducerHandle: Sendable {
    /// The result of one attempt to hand a record over.
    enum Handed { case accepted, full, refused(KafkaFault) }

    /// One delivery report: the number that the record was sent under, and why it was not delivered.
    typealias Report = (number: UInt, fault: KafkaFault?)

    private struct State {
        /// Addresses of the client and its event queue; nil once closed.
        var client: UInt?
        var queue: UInt?
    }

    private let state: Locked<State>

    init(_ settings: ClientSettings) throws {
        let client = try settings.makeClient(RD_KAFKA_PRODUCER, events: RD_KAFKA_EVENT_DR)
        let queue = rd_kafka_queue_get_main(client)
        self.state = Locked(State(client: UInt(bitPattern: client), queue: UInt(bitPattern: queue)))
    }

    deinit { self.destroy() }

    /// Hands a record over without waiting.
    ///
    /// `number` comes back in its report and must not be 0.
    func send(_ record: OutgoingRecord, to topic: String, number: UInt) -> Handed {
        self.state.withLock { state in
            guard let client = OpaquePointer(bitPattern: state.client ?? 0) else {
                return .refused(KafkaFault(RD_KAFKA_RESP_ERR__DESTROY))
            }
            var headers = Self.headers(record.headers)
            let fault = topic.withCString { topic in
                record.key.withBytes { key in
                    record.value.withBytes { value in
                        var fields = [rd_kafka_vu_t(RD_KAFKA_VTYPE_TOPIC) { $0.cstr = topic }]
                        fields.append(rd_kafka_vu_t(RD_KAFKA_VTYPE_KEY) { ($0.mem.ptr, $0.mem.size) = key })
                        fields.append(rd_kafka_vu_t(RD_KAFKA_VTYPE_VALUE) { ($0.mem.ptr, $0.mem.size) = value })
                        fields.append(rd_kafka_vu_t(RD_KAFKA_VTYPE_MSGFLAGS) { $0.i = RD_KAFKA_MSG_F_COPY })
                        fields.append(
                            rd_kafka_vu_t(RD_KAFKA_VTYPE_OPAQUE) {
                                $0.ptr = UnsafeMutableRawPointer(bitPattern: number)
                            })
                        if let partition = record.partition {
                            fields.append(rd_kafka_vu_t(RD_KAFKA_VTYPE_PARTITION) { $0.i32 = partition })
                        }
                        if let list = headers {
                            fields.append(rd_kafka_vu_t(RD_KAFKA_VTYPE_HEADERS) { $0.headers = list })
                        }
                        return KafkaFault(taking: rd_kafka_produceva(client, fields, fields.count))
                    }
                }
            }
            guard let fault else {
                headers = nil  // librdkafka took them over
                return .accepted
            }
            if let headers { rd_kafka_headers_destroy(headers) }
            return fault.code == RD_KAFKA_RESP_ERR__QUEUE_FULL ? .full : .refused(fault)
        }
    }

    /// Waits at most `wait` milliseconds for reports, errors and log lines.
    ///
    /// One thread at a time.
    func poll(wait: Int32, reports: ([Report]) -> Void, others: (ClientEvent) -> Void) {
        // The queue is polled outside of the lock: `destroy` is called by the polling thread, or after it ended.
        let addresses = self.state.withLock { $0 }
        guard let queue = OpaquePointer(bitPattern: addresses.queue ?? 0),
            let client = OpaquePointer(bitPattern: addresses.client ?? 0), let event = rd_kafka_queue_poll(queue, wait)
        else { return }
        defer { rd_kafka_event_destroy(event) }
        guard rd_kafka_event_type(event) == RD_KAFKA_EVENT_DR else {
            if let other = ClientEvent(event, client: client) { others(other) }
            return
        }
        var batch: [Report] = []
        while let message = rd_kafka_event_message_next(event) {
            let code = message.pointee.err
            let fault = code == RD_KAFKA_RESP_ERR_NO_ERROR ? nil : KafkaFault(code)
            batch.append((UInt(bitPattern: message.pointee._private), fault))
        }
        reports(batch)
    }

    /// Records and requests that are not finished.
    var unfinished: Int {
        self.state.withLock { state in
            OpaquePointer(bitPattern: state.client ?? 0).map { Int(rd_kafka_outq_len($0)) } ?? 0
        }
    }

    /// Gives up what was not delivered; each record is reported as failed by the polls that follow.
    func purge() {
        self.state.withLock { state in
            guard let client = OpaquePointer(bitPattern: state.client ?? 0) else { return }
            rd_kafka_purge(client, RD_KAFKA_PURGE_F_QUEUE | RD_KAFKA_PURGE_F_INFLIGHT)
        }
    }

    /// Frees the client.
    ///
    /// To be called by the thread that polls, or when there is none.
    func destroy() {
        let addresses = self.state.withLock { state in
            defer { (state.client, state.queue) = (nil, nil) }
            return state
        }
        if let queue = OpaquePointer(bitPattern: addresses.queue ?? 0) { rd_kafka_queue_destroy(queue) }
        if let client = OpaquePointer(bitPattern: addresses.client ?? 0) { rd_kafka_destroy(client) }
    }

    private static func headers(_ headers: [RecordHeader]) -> OpaquePointer? {
        guard !headers.isEmpty, let list = rd_kafka_headers_new(headers.count) else { return nil }
        for header in headers {
            header.value.withBytes { value in
                _ = rd_kafka_header_add(list, header.name, -1, value.0, value.1)
            }
        }
        return list
    }
}

extension rd_kafka_vu_t {
    fileprivate init(_ type: rd_kafka_vtype_t, _ fill: (inout __Unnamed_union_u) -> Void) {
        self.init()
        self.vtype = type
        fill(&self.u)
    }
}

extension [UInt8]? {
    /// Lends the bytes; a null pointer for nil, and a pointer that is not null for an empty array.
    fileprivate func withBytes<Result>(_ body: ((UnsafeMutableRawPointer?, Int)) -> Result) -> Result {
        guard let bytes = self else { return body((nil, 0)) }
        guard !bytes.isEmpty else {
            return withUnsafeTemporaryAllocation(byteCount: 1, alignment: 1) { body(($0.baseAddress, 0)) }
        }
        return bytes.withUnsafeBytes { body((UnsafeMutableRawPointer(mutating: $0.baseAddress), $0.count)) }
    }
}
