public import ChurnCore
public import ChurnInsight

extension PostgresStore {
    /// Remembers outcomes; see ``/ChurnInsight/ModelRecords/recordOutcomes(_:)``.
    public func recordOutcomes(_ outcomes: [CustomerOutcome]) async throws -> Int {
        guard !outcomes.isEmpty else { return 0 }
        var parameters = ParameterBuffer(capacity: outcomes.count * 56)
        parameters.outcomes(outcomes)
        let (sent, ids) = (parameters, self.lockStep(outcomes.map(\.customerID)).parameters)
        return try await self.pool.withConnection("record outcomes") { connection in
            try connection.transaction {
                // Every writer of customers locks them in one order, and before it reads what it decides by.
                _ = try connection.run(self.statements.lockStates, ids)
                let changed = try connection.run(WriteStatements.addOutcomes, sent).changedRows
                _ = try connection.run(self.statements.followOutcomes, ids)
                return changed
            }
        }
    }

    /// Counts outcomes; see ``/ChurnInsight/ModelRecords/outcomeCounts(in:)``.
    public func outcomeCounts(in span: JudgementSpan) async throws -> OutcomeCounts {
        var parameters = ParameterBuffer()
        parameters.timestamp(span.since)
        parameters.timestamp(span.until)
        let sent = parameters
        return try await self.pool.withConnection("count outcomes") { connection in
            let rows = try connection.run(JudgementStatements.counts, sent)
            return OutcomeCounts(
                earlier: Int(rows.int64(0, 0)), within: Int(rows.int64(0, 1)), later: Int(rows.int64(0, 2)))
        }
    }

    /// Outcomes with the last score before each; see ``/ChurnInsight/ModelRecords/judgedScores(in:)``.
    public func judgedScores(in span: JudgementSpan) async throws -> [JudgedScore] {
        var parameters = ParameterBuffer()
        parameters.timestamp(span.since)
        parameters.timestamp(span.until)
        parameters.int64(span.lead.wholeMicroseconds)
        parameters.int64(span.horizon.wholeMicroseconds)
        let sent = parameters
        return try await self.pool.withConnection("hold scores against outcomes") { connection in
            let rows = try connection.run(JudgementStatements.judged, sent)
            return (0..<rows.rowCount).map { row in
                let champion = rows.optional(row, 7, rows.text).map {
                    PairedScore(version: $0, probability: rows.double(row, 8))
                }
                return JudgedScore(
                    outcome: CustomerOutcome(
                        customerID: rows.text(row, 0), time: rows.timestamp(row, 1),
                        hasChurned: rows.boolean(row, 2), eventID: rows.optional(row, 3, rows.int64)),
                    version: rows.text(row, 4), probability: rows.double(row, 5), scored: rows.timestamp(row, 6),
                    champion: champion)
            }
        }
    }
}
