public import ChurnCore
public import ChurnInsight

extension PostgresStore: CustomerDirectory {
    private static let recentEvents = Statement(
        name: "recent_events",
        sql: """
            SELECT event_id, event_type, event_timestamp, event_data, churn_probability FROM event_log
            WHERE user_id = $1::text AND event_type IS NOT NULL ORDER BY event_id DESC LIMIT $2::int8
            """)
    private static let scoredBy = Statement(
        name: "scored_by",
        sql: """
            SELECT version FROM models WHERE model_id = (
                SELECT model_id FROM event_log WHERE user_id = $1::text AND churn_probability IS NOT NULL
                ORDER BY event_id DESC LIMIT 1)
            """)
    private static let interventions = Statement(
        name: "interventions",
        sql: """
            \(PostgresStore.interventionColumns) FROM intervention_log
            WHERE customer_id = $1::text ORDER BY log_id DESC LIMIT 1000
            """)
    static let interventionColumns = """
        SELECT log_id, action_taken, log_timestamp, agent_id, intervention_type, note, action_id, alert_id, prediction_id
        """
    /// This many customers are imported by one statement.
    private static let importChunk = 2_000

    /// One customer with its history, in one round trip; see ``/ChurnInsight/CustomerDirectory/customer(id:recentEvents:)``.
    ///
    /// Newest means written last: events of one customer are written in the order in which they count.
    public func customer(id: String, recentEvents: Int) async throws -> CustomerRecord? {
        guard !id.utf8.contains(0) else { return nil }
        var (events, interventions) = (ParameterBuffer(), ParameterBuffer())
        events.text(id)
        events.int64(Int64(max(recentEvents, 0)))
        interventions.text(id)
        let steps = [
            Step(statement: self.statements.readStates, parameters: self.lockStep([id]).parameters),
            Step(statement: Self.recentEvents, parameters: events),
            Step(statement: Self.interventions, parameters: interventions),
            Step(statement: Self.scoredBy, parameters: interventions),
        ]
        return try await self.pool.withConnection("read a customer") { connection in
            let results = try connection.run(steps).map { try $0.get() }
            guard let state = self.states(in: results[0])[id] else { return nil }
            return CustomerRecord(
                state: state, recentEvents: self.events(in: results[1]),
                interventions: Self.interventions(in: results[2]),
                scoredBy: results[3].rowCount > 0 ? results[3].text(0, 0) : nil)
        }
    }

    /// Customers' ids in ascending order; see ``/ChurnInsight/CustomerDirectory/customerIDs(after:limit:)``.
    public func customerIDs(after id: String?, limit: Int) async throws -> [String] {
        var parameters = ParameterBuffer()
        parameters.text(id ?? "")
        parameters.int64(Int64(max(limit, 0)))
        let sent = parameters
        return try await self.pool.withConnection("read customers' ids") { connection in
            let rows = try connection.run(self.statements.customerIDs, sent)
            return (0..<rows.rowCount).map { rows.text($0, 0) }
        }
    }

    /// Returns the number of customers.
    public func customerCount() async throws -> Int {
        try await self.pool.withConnection("count customers") { connection in
            Int(try connection.run(self.statements.customerCount).int64(0, 0))
        }
    }

    /// Adds customers or replaces features in one transaction; see ``/ChurnInsight/CustomerDirectory/importCustomers(_:)``.
    ///
    /// Ids, features and times of leaving come in: a new customer has version 0 and no score. Of two with one id the last counts.
    public func importCustomers(_ customers: [CustomerState]) async throws -> Int {
        try CustomerState.requireNormalForm(customers)
        let unique = Dictionary(customers.map { ($0.id, $0) }, uniquingKeysWith: { _, last in last })
        let changes = unique.values.sorted { $0.id.utf8.lexicographicallyPrecedes($1.id.utf8) }
            .map { CustomerState(id: $0.id, features: $0.features, leftAt: $0.leftAt) }
            .map { StateChange(state: $0, readVersion: 0, featuresChanged: true) }
        guard !changes.isEmpty else { return 0 }
        let steps = try stride(from: 0, to: changes.count, by: Self.importChunk).map { start in
            let chunk = Array(start..<min(start + Self.importChunk, changes.count))
            var parameters = ParameterBuffer(capacity: chunk.count * 512)
            try self.users.addStates(changes, chunk, to: &parameters)
            return Step(statement: self.statements.importCustomers, parameters: parameters)
        }
        return try await JobRetry().run {
            try await self.pool.withConnection("import customers") { connection in
                try connection.transaction {
                    var added = 0
                    for step in steps {
                        let rows = try connection.run(step.statement, step.parameters)
                        added += (0..<rows.rowCount).count { rows.boolean($0, 0) }
                    }
                    return added
                }
            }
        }
    }

    /// The type of an event in a field; text that the domain does not list is as good a type.
    func eventType(in rows: PostgresResult, _ row: Int, _ column: Int) -> EventType {
        self.eventTypes.value(of: rows.bytes(row, column)) ?? EventType(rawValue: rows.text(row, column))
    }

    func events(in rows: PostgresResult) -> [RecentEvent] {
        (0..<rows.rowCount).map { row in
            RecentEvent(
                eventID: rows.int64(row, 0), type: self.eventType(in: rows, row, 1),
                time: rows.timestamp(row, 2), json: rows.json(row, 3),
                probability: rows.optional(row, 4, rows.double))
        }
    }

    static func interventions(in rows: PostgresResult) -> [Intervention] {
        (0..<rows.rowCount).map { row in
            Intervention(
                id: rows.int64(row, 0), action: rows.text(row, 1), time: rows.timestamp(row, 2),
                agent: rows.text(row, 3), type: rows.optional(row, 4, rows.text),
                note: rows.optional(row, 5, rows.text), actionID: rows.optional(row, 6, rows.text),
                caseID: rows.optional(row, 7, rows.int64), predictionID: rows.optional(row, 8, rows.int64))
        }
    }
}
