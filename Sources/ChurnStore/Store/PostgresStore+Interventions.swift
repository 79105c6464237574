import ChurnCore
import ChurnInsight

extension PostgresStore: InterventionLog {
    /// Adds an intervention; see ``/ChurnInsight/InterventionLog/log(_:audit:)``.
    ///
    /// - Throws: `dataRefused` for a text or a time that PostgreSQL cannot hold.
    public func log(
        _ intervention: NewIntervention, audit: AuditNote<Intervention>?
    ) async throws -> Intervention? {
        guard !intervention.customerID.utf8.contains(0) else { return nil }
        var parameters = ParameterBuffer()
        parameters.text(intervention.customerID)
        parameters.text(intervention.action)
        parameters.timestamp(intervention.time)
        parameters.text(intervention.agent)
        parameters.text(intervention.type)
        parameters.text(intervention.note)
        let sent = parameters
        return try await self.pool.withConnection("log an intervention") { connection in
            try connection.transaction {
                let rows = try connection.run(self.statements.logIntervention, sent)
                guard rows.rowCount == 1 else { return nil }
                let logged = Intervention(
                    id: rows.int64(0, 0), action: intervention.action, time: intervention.time,
                    agent: intervention.agent, type: intervention.type, note: intervention.note)
                if let audit { try Self.record(audit(logged), on: connection) }
                return logged
            }
        }
    }
}
