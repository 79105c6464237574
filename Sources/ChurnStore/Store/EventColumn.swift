import ChurnCore

/// A column of `event_log` that has one value of each event: what it is called, its type, and what is written there.
///
/// The statement that logs events and its parameters are both made from ``all``. Writers capture nothing, so that
/// calling them costs no memory, and get all events with the place of theirs, for an event is dear to copy; all of them
/// are called for one event before the next event is looked at.
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
    let write: @Sendable (inout ArrayElements, [ScoredEvent], Int, Numbers) -> Void

    private init(
        _ name: String, _ type: ElementType,
        _ write: @escaping @Sendable (inout ArrayElements, [ScoredEvent], Int, Numbers) -> Void
    ) {
        self.name = name
        self.type = type
        self.write = write
    }

    /// The columns, in the order of the statement's parameters.
    static let all: [EventColumn] = [
        EventColumn("event_id", .int64) { column, events, row, _ in column.int64(events[row].eventID) },
        EventColumn("stream_offset", .int64) { column, events, row, _ in
            column.int64(events[row].event.position.offset)
        },
        EventColumn("event_timestamp", .timestamp) { column, events, row, _ in
            column.timestamp(events[row].event.time)
        },
        EventColumn("record_time", .timestamp) { column, events, row, _ in
            column.timestamp(events[row].event.recordTime)
        },
        EventColumn("churn_probability", .double) { column, events, row, _ in
            column.double(events[row].prediction?.probability)
        },
        EventColumn("customer_version", .int64) { column, events, row, _ in
            column.int64(events[row].prediction?.stateVersion)
        },
        EventColumn("stream_id", .int32) { column, _, _, numbers in column.int32(numbers.stream) },
        EventColumn("epoch", .int32) { column, events, row, _ in
            column.int32(events[row].event.position.partition.stream.epoch)
        },
        EventColumn("partition", .int32) { column, events, row, _ in
            column.int32(events[row].event.position.partition.partition)
        },
        EventColumn("model_id", .int32) { column, _, _, numbers in column.int32(numbers.model) },
        EventColumn("is_alert", .boolean) { column, events, row, _ in
            column.boolean(events[row].prediction?.alert.isAlert)
        },
        EventColumn("became_at_risk", .boolean) { column, events, row, _ in
            column.boolean(events[row].prediction?.alert.becameAtRisk)
        },
        EventColumn("user_id", .text) { column, events, row, _ in column.text(events[row].event.customerID) },
        EventColumn("event_type", .text) { column, events, row, _ in column.text(events[row].event.type.rawValue) },
        EventColumn("source_event_id", .text) { column, events, row, _ in
            column.text(events[row].event.sourceEventID)
        },
        EventColumn("event_data", .json) { column, events, row, _ in column.json(events[row].event.json) },
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
