import ChurnCore
import ChurnInsight

extension ModelRegistryContract {
    /// Models that go for good.
    static let deletions: [Check] = [
        Check("an archived model is deleted with its files, which the audit log says, and may come again") {
            subject, findings in
            try await Self.registerThree(in: subject)
            let deleted = try await Self.delete("b", in: subject)
            findings.expectEqual(deleted.version, "b", "the deleted model")
            let roles = try await Self.roles(in: subject)
            findings.expectEqual(roles, ["a": .archived, "c": .archived], "the models that are left")
            let files = try await subject.registry.bundleFiles(of: "b")
            findings.expectEqual(files, [], "the files")
            let others = try await subject.registry.bundleFiles(of: "a")
            findings.expectEqual(others.count, 1, "the number of another model's files")
            let entry = try await subject.audit.auditEntries(before: nil, limit: 1).first?.entry
            let expected = NewAuditEntry(
                time: Self.time(9), actor: "cli:tester", action: "model.deleted", subject: "b",
                detail: "bundle digest of b")
            findings.expectEqual(entry, expected, "the newest audit entry")
            let isNew = try await Self.register("b", at: 10, in: subject)
            findings.expect(isNew, "it was there already")
        },
        Check("champion, challenger, strangers and models of other domains are not deleted, and nothing is logged") {
            subject, findings in
            try await Self.registerThree(in: subject)
            try await Self.change(.promote("a"), at: 5, in: subject)
            try await Self.change(.challenge("b", canary: CanaryShare(0.1)), at: 6, in: subject)
            let before = try await subject.audit.auditEntries(before: nil, limit: 20)
            for version in ["a", "b", "nobody"] { await Self.expectKept(version, in: subject, findings) }
            await Self.expectKept("c", of: "bank", in: subject, findings)
            let roles = try await Self.roles(in: subject)
            findings.expectEqual(roles, ["a": .champion, "b": .challenger, "c": .archived], "the roles")
            let files = try await subject.registry.bundleFiles(of: "a")
            findings.expectEqual(files.count, 1, "the number of the champion's files")
            let after = try await subject.audit.auditEntries(before: nil, limit: 20)
            findings.expectEqual(after.count, before.count, "the number of audit entries")
        },
        Check("a rollback passes over a deleted champion to the one before it") { subject, findings in
            try await Self.registerThree(in: subject)
            for (time, version) in [(5, "a"), (6, "b"), (7, "c")] as [(Int64, String)] {
                try await Self.change(.promote(version), at: time, in: subject)
            }
            let before = try await subject.registry.models(of: "telco").first { $0.version == "c" }
            _ = try await Self.delete("b", in: subject)
            let after = try await subject.registry.models(of: "telco").first { $0.version == "c" }
            findings.expectEqual(after?.changed, before?.changed, "when the champion took its role")
            try await Self.change(.rollback, at: 10, in: subject)
            let roles = try await Self.roles(in: subject)
            findings.expectEqual(roles, ["a": .champion, "c": .archived], "the roles")
        },
        Check("a champion that came back does not roll back to itself when the one between is deleted") {
            subject, findings in
            try await Self.registerThree(in: subject)
            for (time, version) in [(5, "a"), (6, "b"), (7, "a")] as [(Int64, String)] {
                try await Self.change(.promote(version), at: time, in: subject)
            }
            _ = try await Self.delete("b", in: subject)
            let champion = try await subject.registry.models(of: "telco").first { $0.role == .champion }
            findings.expectEqual(champion?.version, "a", "the champion")
            findings.expectEqual(champion?.previousChampion, nil, "the champion before it")
        },
        Check("a model whose scores are kept is not deleted; another one is") { subject, findings in
            guard let keepScore = subject.keepScore else { return }
            try await Self.registerThree(in: subject)
            try await keepScore("a")
            await Self.expectKept("a", in: subject, findings)
            _ = try await Self.delete("b", in: subject)
            let roles = try await Self.roles(in: subject)
            findings.expectEqual(roles, ["a": .archived, "c": .archived], "the models that are left")
        },
    ]

    private static func delete(
        _ version: String, of domain: String = "telco", in subject: RegistryUnderTest
    ) async throws -> RegisteredModel {
        try await subject.registry.delete(version, in: domain, by: "cli:tester", at: self.time(9))
    }

    private static func expectKept(
        _ version: String, of domain: String = "telco", in subject: RegistryUnderTest, _ findings: ContractFindings
    ) async {
        do {
            _ = try await Self.delete(version, of: domain, in: subject)
            findings.expect(false, "\(version) of \(domain) was deleted")
        } catch {
            findings.expectEqual(error.failureDisposition, .fatal, "the disposition for \(version)")
        }
    }
}
