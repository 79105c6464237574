import ChurnCore
public import ChurnInsight

extension InMemoryStore: AuditLog {
    /// Adds an entry and returns it with its number.
    @discardableResult
    public func record(_ entry: NewAuditEntry) async throws -> AuditEntry { try self.audit.append(entry) }

    /// The newest entries, newest first.
    public func auditEntries(before id: Int64?, limit: Int) async throws -> [AuditEntry] {
        try await self.audit.auditEntries(before: id, limit: limit)
    }
}
