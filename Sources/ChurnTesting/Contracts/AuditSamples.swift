import ChurnCore
import ChurnInsight

/// Audit entries for the checks of what is written together with them.
enum AuditSamples {
    static func entry(_ detail: String) -> NewAuditEntry {
        NewAuditEntry(
            time: Timestamp(microseconds: 1_767_225_600_000_000), actor: "user:ann", action: "sample.changed",
            subject: "s", detail: detail)
    }

    /// Entries that no log takes: each holds NUL somewhere.
    static let refusedEntries = [
        ("a\0b", "x.y", "s", "d"), ("a", "x\0.y", "s", "d"), ("a", "x.y", "\0", "d"), ("a", "x.y", "s", "d\0"),
    ].map { actor, action, subject, detail in
        NewAuditEntry(
            time: Timestamp(microseconds: 0), actor: actor, action: action, subject: subject, detail: detail)
    }

    static func note<Change>(_ change: Change) -> NewAuditEntry { self.entry("note") }
    static func refusedNote<Change>(_ change: Change) -> NewAuditEntry { self.entry("a\0b") }

    static func expectRefusal(_ findings: ContractFindings, _ body: () async throws -> Void) async {
        do {
            try await body()
            findings.expect(false, "an entry with NUL was taken")
        } catch {
            findings.expectEqual((error as? ChurnError)?.code, .dataRefused, "the error's code")
        }
    }

    /// Finds exactly the entries with these details, newest first.
    static func expect(_ details: [String], in log: any AuditLog, _ findings: ContractFindings) async throws {
        let found = try await log.auditEntries(before: nil, limit: 100)
        findings.expectEqual(found.map(\.entry.detail), details, "the details of the audit entries")
    }
}
