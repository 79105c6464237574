public import ChurnCore
public import ChurnInsight

extension PostgresStore: InterventionLog {
    /// Adds an intervention; see ``/ChurnInsight/InterventionLog/log(_:at:audit:)``.
    ///
    /// - Throws: `dataRefused` for a text or a time that PostgreSQL cannot hold too.
    public func log(
        _ intervention: NewIntervention, at now: Timestamp, audit: AuditNote<Intervention>?
    ) async throws -> Intervention? {
        guard !intervention.customerID.utf8.contains(0) else { return nil }
        return try await self.pool.withConnection("log an intervention") { connection in
            try connection.transaction {
                if let earlier = try Self.written(intervention, on: connection) { return earlier }
                let customer = self.lockStep([intervention.customerID]).parameters
                guard try connection.run(self.statements.caseCustomers, customer).rowCount == 1 else { return nil }
                let caseID = try self.caseID(of: intervention, on: connection)
                let rows = try connection.run(
                    self.statements.logIntervention, Self.row(intervention, caseID: caseID))
                guard rows.rowCount == 1 else { return nil }
                let logged = Intervention(
                    id: rows.int64(0, 0), action: intervention.action, time: intervention.time,
                    agent: intervention.agent, type: intervention.type, note: intervention.note,
                    actionID: intervention.actionID, caseID: caseID, predictionID: rows.optional(0, 1, rows.int64))
                try Self.keepKey(of: intervention, at: logged.id, on: connection)
                if let caseID { try self.act(logged, on: caseID, at: now, connection) }
                if let audit { try Self.record(audit(logged), on: connection) }
                return logged
            }
        }
    }

    private static func row(_ intervention: NewIntervention, caseID: Int64?) -> ParameterBuffer {
        var parameters = ParameterBuffer()
        parameters.text(intervention.customerID)
        parameters.text(intervention.action)
        parameters.timestamp(intervention.time)
        parameters.text(intervention.agent)
        parameters.text(intervention.type)
        parameters.text(intervention.note)
        parameters.text(intervention.actionID)
        parameters.int64(caseID)
        return parameters
    }

    /// The case that an intervention is about.
    private func caseID(
        of intervention: NewIntervention, on connection: isolated PostgresConnection
    ) throws -> Int64? {
        guard let id = intervention.caseID else {
            var parameters = ParameterBuffer()
            parameters.text(intervention.customerID)
            let rows = try connection.run(CaseStepStatements.unresolved, parameters)
            return rows.rowCount == 0 ? nil : rows.int64(0, 0)
        }
        guard let found = try self.customerCase(id: id, on: connection),
            CustomerKey(found.customerID) == CustomerKey(intervention.customerID)
        else {
            throw ChurnError(
                .dataRefused, .reject, during: "log an intervention",
                advice: "The case that it names is none of this customer.")
        }
        return id
    }

    /// Makes an intervention a step of its case, after whatever step came first.
    private func act(
        _ logged: Intervention, on id: Int64, at now: Timestamp, _ connection: isolated PostgresConnection
    ) throws {
        for _ in 0..<10 {
            guard let customerCase = try self.customerCase(id: id, on: connection),
                let next = customerCase.handling.acting(by: logged.agent, at: now)
            else { return }
            var change = CaseChange(of: id, from: customerCase.handling, to: next, by: logged.agent, at: now)
            change.interventionID = logged.id
            // Another writer was faster where this is refused, and its step is seen now that it is committed.
            if try Self.write(change, next, on: connection) { return }
        }
        throw ChurnError(
            .storeUnavailable, .retry, during: "log an intervention",
            advice: "Others change its case all the time; try again.")
    }
}
