public import ChurnCore
public import ChurnInsight

extension PostgresStore {
    private static let interventionsLately = Statement(
        name: "interventions_lately",
        sql: """
            \(PostgresStore.interventionColumns), customer_id FROM intervention_log
            WHERE recorded_at > now() - $1::int8 * interval '1 microsecond'
            """)

    /// Returns what happened lately; see ``/ChurnInsight/CaseStore/caseActivity(window:at:)``.
    public func caseActivity(window: Duration, at now: Timestamp) async throws -> [CaseActivity] {
        var (lately, due) = (ParameterBuffer(), ParameterBuffer())
        lately.int64(window.wholeMicroseconds)
        due.int64(window.wholeMicroseconds)
        due.timestamp(now)
        let steps = [
            Step(statement: CaseStepStatements.lately, parameters: lately),
            Step(statement: Self.interventionsLately, parameters: lately),
            Step(statement: CaseStepStatements.due, parameters: due),
        ]
        return try await self.pool.withConnection("read what was done lately") { connection in
            let results = try connection.run(steps).map { try $0.get() }
            let changes = try (0..<results[0].rowCount).map { row in
                CaseActivity(
                    customerID: results[0].text(row, 10), kind: .step(try Self.caseChange(in: results[0], row)))
            }
            let interventions = zip(0..<results[1].rowCount, Self.interventions(in: results[1])).map { row, found in
                CaseActivity(customerID: results[1].text(row, 9), kind: .intervention(found))
            }
            let ended = (0..<results[2].rowCount).map { row in
                CaseActivity(
                    customerID: results[2].text(row, 2),
                    kind: .due(caseID: results[2].int64(row, 0), at: results[2].timestamp(row, 1)))
            }
            return changes + interventions + ended
        }
    }
}
