import ChurnCore
public import ChurnInsight

/// The contract of every audit log.
///
/// The subject is fresh and empty.
public enum AuditLogContract {
    /// One promise.
    public typealias Check = ContractCheck<any AuditLog>

    /// The promises.
    public static let checks: [Check] = [
        Check("entries come back newest first, with all that was said and rising numbers") { log, findings in
            let entries = (0..<5).map(Self.entry)
            var recorded: [AuditEntry] = []
            for entry in entries { recorded.append(try await log.record(entry)) }
            findings.expectEqual(recorded.map(\.entry), entries, "what was recorded")
            findings.expect(
                zip(recorded, recorded.dropFirst()).allSatisfy { $0.id < $1.id },
                "the numbers \(recorded.map(\.id)) do not rise")
            let read = try await log.auditEntries(before: nil, limit: 100)
            findings.expectEqual(read, recorded.reversed(), "the entries")
        },
        Check("a page goes on below a number and is no longer than its limit") { log, findings in
            var recorded: [AuditEntry] = []
            for number in 0..<5 { recorded.append(try await log.record(Self.entry(number))) }
            let first = try await log.auditEntries(before: nil, limit: 2)
            findings.expectEqual(first, [recorded[4], recorded[3]], "the first page")
            let second = try await log.auditEntries(before: recorded[3].id, limit: 2)
            findings.expectEqual(second, [recorded[2], recorded[1]], "the second page")
            let last = try await log.auditEntries(before: recorded[0].id, limit: 2)
            findings.expect(last.isEmpty, "there is something below the first")
            for limit in [0, -1] {
                let none = try await log.auditEntries(before: nil, limit: limit)
                findings.expect(none.isEmpty, "a limit of \(limit) returns something")
            }
        },
        Check("an entry that holds NUL is refused, and nothing is added") { log, findings in
            for entry in AuditSamples.refusedEntries {
                await AuditSamples.expectRefusal(findings) { try await log.record(entry) }
            }
            try await AuditSamples.expect([], in: log, findings)
        },
        Check("an empty log has no entries") { log, findings in
            let none = try await log.auditEntries(before: nil, limit: 10)
            findings.expect(none.isEmpty, "there are entries")
        },
    ]

    private static func entry(_ number: Int) -> NewAuditEntry {
        NewAuditEntry(
            // Later entries may name earlier times: their order is that of recording.
            time: Timestamp(microseconds: 1_767_225_600_000_000 - Int64(number)), actor: "key:o'clock \(number)",
            action: "intervention.logged", subject: number % 2 == 0 ? "c\(number)" : nil,
            detail: number % 3 == 0 ? nil : "\"quoted\" \(number)")
    }
}
