import ChurnCore

/// A batch's events as rows of `event_log`, in PostgreSQL's binary form, one after the other.
///
/// Many rows go by COPY, which costs the server a third less than parallel arrays did; a few go as one statement each,
/// in the same round trip as the rest of the transaction.
struct EventRows: Sendable {
    /// From how many events on COPY pays for its two more round trips.
    static let leastCopied = 24

    /// The columns that are written, in the order in which ``append(_:of:to:)`` writes them, with their types.
    private static let columns: [(name: String, type: String)] = [
        ("event_id", "int8"), ("stream_offset", "int8"), ("event_timestamp", "timestamptz"),
        ("record_time", "timestamptz"), ("churn_probability", "float8"), ("customer_version", "int8"),
        ("stream_id", "int4"), ("epoch", "int4"), ("partition", "int4"), ("model_id", "int4"), ("is_alert", "bool"),
        ("became_at_risk", "bool"), ("user_id", "text"), ("event_type", "text"), ("source_event_id", "text"),
        ("event_data", "jsonb"), ("previous_probability", "float8"), ("margin", "float8"),
        ("reason_features", "int2[]"), ("reason_contributions", "float4[]"), ("change_contributions", "float4[]"),
        ("changed_features", "jsonb"),
    ]
    private static let names = EventRows.columns.map(\.name).joined(separator: ", ")
    private static let copyEvents = "COPY event_log (\(EventRows.names)) FROM STDIN (FORMAT binary)"
    private static let insertEvent = Statement(
        name: "insert_event",
        sql: """
            INSERT INTO event_log (\(EventRows.names)) VALUES
                (\(EventRows.columns.enumerated().map { "$\($0 + 1)::\($1.type)" }.joined(separator: ", ")))
            """)

    private let events: [ScoredEvent]
    private let names: BatchNames
    /// The features' columns, quoted, in the schema's order.
    private let features: [[UInt8]]

    /// - Parameter columns: the features' columns, in the schema's order.
    init(_ events: [ScoredEvent], names: BatchNames, columns: [String]) {
        self.events = events
        self.names = names
        self.features = columns.map { column in
            var quoted: [UInt8] = []
            JSONText.appendQuoted(column, to: &quoted)
            return quoted
        }
    }

    /// The steps that write the rows.
    var works: [Work] {
        get throws {
            var numbers = NumberedNames(self.names)
            guard self.events.count >= Self.leastCopied else {
                return try self.events.indices.map { index in
                    var cells = CellBuffer(capacity: 512)
                    defer { cells.free() }
                    try self.append(index, numbered: &numbers, to: &cells)
                    return .statement(Step(statement: Self.insertEvent, parameters: ParameterBuffer(cells)))
                }
            }
            let bytes = self.events.indices.reduce(0) { $0 + self.events[$1].event.json.count + 288 }
            var cells = CellBuffer(capacity: bytes)
            defer { cells.free() }
            cells.beginCopy()
            for index in self.events.indices {
                cells.beginRow(of: Self.columns.count)
                try self.append(index, numbered: &numbers, to: &cells)
            }
            cells.endCopy()
            return [.copy(Self.copyEvents, Array(cells.written))]
        }
    }

    /// Appends the cells of an event.
    ///
    /// By its index: an event is expensive to copy.
    private func append(_ index: Int, numbered names: inout NumberedNames, to cells: inout CellBuffer) throws {
        let position = self.events[index].event.position
        cells.int64(self.events[index].eventID)
        cells.int64(position.offset)
        cells.timestamp(self.events[index].event.time)
        cells.timestamp(self.events[index].event.recordTime)
        cells.double(self.events[index].prediction?.probability)
        cells.int64(self.events[index].prediction?.stateVersion)
        cells.int32(try names.number(of: position.partition.stream.name))
        cells.int32(position.partition.stream.epoch)
        cells.int32(position.partition.partition)
        cells.int32(try names.number(of: self.events[index].prediction?.model))
        cells.boolean(self.events[index].prediction?.alert.isAlert)
        cells.boolean(self.events[index].prediction?.alert.becameAtRisk)
        cells.text(self.events[index].event.customerID)
        cells.text(self.events[index].event.type.rawValue)
        cells.text(self.events[index].event.sourceEventID)
        cells.json(self.events[index].event.json)
        self.append(self.events[index].prediction?.reasons ?? [], self.events[index].prediction?.change, to: &cells)
    }

    /// Appends what is kept of an explanation.
    private func append(_ reasons: [Reason], _ change: ScoreChange?, to cells: inout CellBuffer) {
        let split = change?.split
        cells.double(change?.fromProbability)
        cells.double(split?.toMargin)
        if reasons.isEmpty {
            cells.null()
            cells.null()
        } else {
            cells.array(of: .int16, reasons) { $0.int16(Int16(clamping: $1.feature + 1)) }
            cells.array(of: .real, reasons) { $0.real(Float($1.contribution)) }
        }
        if let split, !split.contributions.isEmpty {
            cells.array(of: .real, split.contributions) { $0.real(Float($1)) }
        } else {
            cells.null()
        }
        cells.json(split.map { self.json($0.changed) })
    }

    /// `{"contract":["One year","Month-to-month"]}`: each feature with its value before and after.
    private func json(_ changed: [ChangedFeature]) -> [UInt8] {
        var json = [UInt8(ascii: "{")]
        for feature in changed {
            if json.count > 1 { json.append(UInt8(ascii: ",")) }
            json += self.features[feature.feature]
            json += ":[".utf8
            JSONText.append(feature.from, to: &json)
            json.append(UInt8(ascii: ","))
            JSONText.append(feature.to, to: &json)
            json.append(UInt8(ascii: "]"))
        }
        json.append(UInt8(ascii: "}"))
        return json
    }
}

/// The numbers of names, by a look at the name before: most events have the same.
private struct NumberedNames {
    private let names: BatchNames
    private var stream: (name: StreamName, number: Int32)?
    private var model: (identity: ModelIdentity, number: Int32)?

    init(_ names: BatchNames) { self.names = names }

    mutating func number(of name: StreamName) throws -> Int32 {
        if let stream, stream.name == name { return stream.number }
        let number = try self.names.number(of: name)
        self.stream = (name, number)
        return number
    }

    /// nil where an event was not scored.
    mutating func number(of identity: ModelIdentity?) throws -> Int32? {
        guard let identity else { return nil }
        if let model, model.identity == identity { return model.number }
        let number = try self.names.number(of: identity)
        self.model = (identity, number)
        return number
    }
}
