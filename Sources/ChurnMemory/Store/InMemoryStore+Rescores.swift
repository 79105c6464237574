public import ChurnCore
public import ChurnInsight

/// A run with the time until which a process has it.
struct ClaimedRescore: Sendable {
    var run: RescoreRun
    var claimedUntil: Timestamp?
}

extension InMemoryStore: RescoreLog {
    /// Asks for a run; see ``/ChurnInsight/RescoreLog/requestRescore(of:by:at:audit:)``.
    public func requestRescore(
        of version: String, by actor: String, at now: Timestamp, audit: AuditNote<RescoreRun>?
    ) async throws -> RescoreRun {
        try self.tables.withLock { tables in
            if let known = tables.rescores.last?.run, known.ended == nil, known.version == version { return known }
            let run = RescoreRun(
                id: Int64(tables.rescores.count) + 1, version: version, requestedBy: actor, requested: now)
            if let audit { try self.audit.append(audit(run)) }
            for index in tables.rescores.indices where tables.rescores[index].run.ended == nil {
                tables.rescores[index].run.ended = now
                tables.rescores[index].run.reason = RescoreRun.replaced
            }
            tables.rescores.append(ClaimedRescore(run: run))
            return run
        }
    }

    /// Takes the run that is under way; see ``/ChurnInsight/RescoreLog/claimRescore(at:lease:)``.
    public func claimRescore(at now: Timestamp, lease: Duration) async throws -> RescoreRun? {
        self.tables.withLock { tables in
            guard let newest = tables.rescores.last, newest.run.ended == nil,
                newest.claimedUntil.map({ $0 <= now }) ?? true
            else { return nil }
            tables.rescores[tables.rescores.count - 1].claimedUntil = now.advanced(by: lease)
            return newest.run
        }
    }

    /// Remembers how far a run has come; see ``/ChurnInsight/RescoreLog/recordRescore(_:at:lease:)``.
    public func recordRescore(_ run: RescoreRun, at now: Timestamp, lease: Duration) async throws -> Bool {
        self.tables.withLock { tables in
            guard let index = tables.rescores.firstIndex(where: { $0.run.id == run.id && $0.run.ended == nil })
            else { return false }
            tables.rescores[index] = ClaimedRescore(run: run, claimedUntil: now.advanced(by: lease))
            return true
        }
    }

    /// The run that was asked for last; see ``/ChurnInsight/RescoreLog/newestRescore()``.
    public func newestRescore() async throws -> RescoreRun? { self.tables.withLock { $0.rescores.last?.run } }
}
