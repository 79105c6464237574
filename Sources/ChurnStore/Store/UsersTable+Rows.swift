import ChurnCore

extension UsersTable {
    /// The state in a row of the statements that read states: id, our columns, features.
    func state(_ rows: PostgresResult, _ row: Int) -> CustomerState {
        let probability = rows.optional(row, 2, rows.double)
        let band = rows.optional(row, 3, rows.text).flatMap(RiskBand.init(rawValue:))
        let time = rows.optional(row, 4, rows.timestamp)
        var latest: LatestScore?
        if let probability, let band, let time {
            latest = LatestScore(probability: probability, band: band, time: time)
        }
        var features: [FeatureValue] = []
        features.reserveCapacity(self.columns.count)
        for (index, column) in self.columns.enumerated() {
            features.append(column.value(rows, row, index + 1 + Self.stateColumns.count))
        }
        return CustomerState(
            id: rows.text(row, 0), features: features, version: rows.int64(row, 1), latest: latest,
            alert: AlertState(isAtRisk: rows.boolean(row, 5), lastAlert: rows.optional(row, 6, rows.timestamp)),
            leftAt: rows.optional(row, 7, rows.timestamp), lastEvent: rows.optional(row, 8, rows.timestamp))
    }

    /// Adds the parameters of the statements that write whole states: those of the changes at `rows`, in that order.
    ///
    /// By the changes' indices: a state is expensive to copy.
    func addStates(_ changes: [StateChange], _ rows: [Int], to parameters: inout ParameterBuffer) throws {
        parameters.array(of: .text, rows) { $0.text(changes[$1].state.id) }
        parameters.array(of: .int64, rows) { $0.int64(changes[$1].readVersion) }
        parameters.array(of: .int64, rows) { $0.int64(changes[$1].state.version) }
        parameters.array(of: .double, rows) { $0.double(changes[$1].state.latest?.probability) }
        parameters.array(of: .text, rows) { $0.text(changes[$1].state.latest?.band.rawValue) }
        parameters.array(of: .timestamp, rows) { $0.timestamp(changes[$1].state.latest?.time) }
        parameters.array(of: .boolean, rows) { $0.boolean(changes[$1].state.alert.isAtRisk) }
        parameters.array(of: .timestamp, rows) { $0.timestamp(changes[$1].state.alert.lastAlert) }
        parameters.array(of: .timestamp, rows) { $0.timestamp(changes[$1].state.leftAt?.clampedToPostgres) }
        parameters.array(of: .timestamp, rows) { $0.timestamp(changes[$1].state.lastEvent) }
        guard rows.allSatisfy({ changes[$0].state.features.count == self.columns.count }) else {
            throw Self.wrongType
        }
        for (index, column) in self.columns.enumerated() {
            try column.addArray(changes, rows, index, to: &parameters)
        }
    }

    fileprivate static var wrongType: ChurnError {
        ChurnError(
            .dataRefused, .reject, during: "write customers",
            advice: "A customer's features are not of the types or the number that the domain says.")
    }
}

extension UsersTable.Column {
    func value(_ rows: PostgresResult, _ row: Int, _ column: Int) -> FeatureValue {
        if rows.isNull(row, column) { return .missing }
        switch self.type {
        case .numeric: return .number(rows.double(row, column))
        case .boolean: return .boolean(rows.boolean(row, column))
        case .categorical:
            let bytes = rows.bytes(row, column)
            return self.categories.value(of: bytes) ?? .text(String(decoding: bytes, as: UTF8.self))
        }
    }

    fileprivate func addArray(
        _ changes: [StateChange], _ rows: [Int], _ index: Int, to parameters: inout ParameterBuffer
    ) throws {
        var fits = true
        switch self.type {
        case .numeric:
            parameters.array(of: .double, rows) { elements, row in
                switch changes[row].state.features[index] {
                case .number(let value): elements.double(value)
                case .missing: elements.null()
                default: fits = false
                }
            }
        case .categorical:
            parameters.array(of: .text, rows) { elements, row in
                switch changes[row].state.features[index] {
                case .text(let value): elements.text(value)
                case .missing: elements.null()
                default: fits = false
                }
            }
        case .boolean:
            parameters.array(of: .boolean, rows) { elements, row in
                switch changes[row].state.features[index] {
                case .boolean(let value): elements.boolean(value)
                case .missing: elements.null()
                default: fits = false
                }
            }
        }
        if !fits { throw UsersTable.wrongType }
    }
}
