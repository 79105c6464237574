import ChurnCore

/// A column of `event_log` that has one value of each event: what it is called, its type, and what is written there.
///
/// The statement that logs events and its parameters are both made from ``all``. Writers capture nothing, so that
/// calling them costs no memory; all of them are called for one event before the next event is looked at.
struct EventColumn: Sendable {
    /// The numbers that stand for an event's names.
    struct Numbers {
        var stream: Int32
        /// nil where the event was not scored.
        var model: Int32?
    }

    let name: String
    let type: ElementType
    /// Writes exactly one element.
    let write: @Sendable (inout ArrayElements, ScoredEvent, Numbers) -> Void

    private init(
        _ name: String, _ type: ElementType,
        _ write: @escaping @Sendable (inout ArrayElements, ScoredEvent, Numbers) -> Void
    ) {
        self.name = name
        self.type = type
        self.write = write
    }

    /// The columns, in the order of the statement's parameters.
    static let all: [EventColumn] = [
        EventColumn("event_id", .int64) { column, row, _ in column.int64(row.eventID) },
        EventColumn("stream_offset", .int64) { column, row, _ in column.int64(row.event.position.offset) },
        EventColumn("event_timestamp", .timestamp) { column, row, _ in column.timestamp(row.event.time) },
        EventColumn("record_time", .timestamp) { column, row, _ in column.timestamp(row.event.recordTime) },
        EventColumn("churn_probability", .double) { column, row, _ in column.double(row.prediction?.probability) },
        EventColumn("customer_version", .int64) { column, row, _ in column.int64(row.prediction?.stateVersion) },
        EventColumn("stream_id", .int32) { column, _, numbers in column.int32(numbers.stream) },
        EventColumn("epoch", .int32) { column, row, _ in column.int32(row.event.position.partition.stream.epoch) },
        EventColumn("partition", .int32) { column, row, _ in column.int32(row.event.position.partition.partition) },
        EventColumn("model_id", .int32) { column, _, numbers in column.int32(numbers.model) },
        EventColumn("is_alert", .boolean) { column, row, _ in column.boolean(row.prediction?.alert.isAlert) },
        EventColumn("became_at_risk", .boolean) { column, row, _ in
            column.boolean(row.prediction?.alert.becameAtRisk)
        },
        EventColumn("user_id", .text) { column, row, _ in column.text(row.event.customerID) },
        EventColumn("event_type", .text) { column, row, _ in column.text(row.event.type.rawValue) },
        EventColumn("source_event_id", .text) { column, row, _ in column.text(row.event.sourceEventID) },
        EventColumn("event_data", .json) { column, row, _ in column.json(row.event.json) },
    ]
}

extension ElementType {
    /// What PostgreSQL calls an array of it.
    var arrayName: String {
        switch self {
        case .boolean: "bool[]"
        case .bytes: "bytea[]"
        case .int64: "int8[]"
        case .int16: "int2[]"
        case .int32: "int4[]"
        case .text: "text[]"
        case .real: "float4[]"
        case .double: "float8[]"
        case .timestamp: "timestamptz[]"
        case .json: "jsonb[]"
        }
    }
}
