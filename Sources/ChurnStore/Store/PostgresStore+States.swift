public import ChurnCore

extension PostgresStore: FeatureStore {
    /// The current states of these customers, in one round trip; see ``/ChurnCore/FeatureStore/states(for:)``.
    public func states(for ids: [String]) async throws -> [String: CustomerState] {
        let step = self.lockStep(ids)
        return try await self.writer.withConnection("read customers") { connection in
            // First: what is read then is at least as new.
            _ = try self.usersGuard(on: connection)
            return self.states(in: try connection.run(self.statements.readStates, step.parameters))
        }
    }

    /// Those of `keys` that were accepted within the window; see ``/ChurnCore/TransactionalStore/accepted(_:)``.
    public func accepted(_ keys: [SourceEventKey]) async throws -> Set<SourceEventKey> {
        guard !keys.isEmpty else { return [] }
        let step = self.acceptedStep(keys)
        return try await self.writer.withConnection("read accepted event ids") { connection in
            Self.keys(in: try connection.run(step.statement, step.parameters))
        }
    }

    /// The step that locks customers.
    ///
    /// An id that PostgreSQL cannot hold is no customer's.
    func lockStep(_ ids: [String]) -> Step {
        // Not as a set of texts: ids that Swift takes for equal are several customers here.
        var keys = Set<CustomerKey>(minimumCapacity: ids.count)
        for id in ids where !id.utf8.contains(0) { keys.insert(CustomerKey(id)) }
        let ids = keys.map(\.id).sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
        var parameters = ParameterBuffer(capacity: ids.count * 24)
        parameters.array(of: .text, ids) { $0.text($1) }
        return Step(statement: self.statements.lockStates, parameters: parameters)
    }

    func acceptedStep(_ keys: [SourceEventKey]) -> Step {
        let keys = Set(keys).filter { !$0.customerID.utf8.contains(0) && !$0.sourceEventID.utf8.contains(0) }
        var parameters = ParameterBuffer(capacity: keys.count * 64)
        parameters.keys(Array(keys))
        parameters.int64(self.deduplicationWindow.wholeMicroseconds)
        return Step(statement: WriteStatements.acceptedKeys, parameters: parameters)
    }

    func states(in rows: PostgresResult) -> [String: CustomerState] {
        var states: [String: CustomerState] = [:]
        states.reserveCapacity(rows.rowCount)
        for row in 0..<rows.rowCount {
            let state = self.users.state(rows, row)
            // Of two spellings the one in normal form stays, since it is the one that events can name.
            if let other = states.updateValue(state, forKey: state.id), other.id.isInNormalForm {
                states[other.id] = other
            }
        }
        return states
    }

    static func keys(in rows: PostgresResult) -> Set<SourceEventKey> {
        Set((0..<rows.rowCount).map { SourceEventKey(customerID: rows.text($0, 0), sourceEventID: rows.text($0, 1)) })
    }
}
