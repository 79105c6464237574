import ChurnCore
public import ChurnInsight

/// A fresh, empty registry with the audit log that it writes to.
public struct RegistryUnderTest: Sendable {
    /// The registry; empty.
    public var registry: any ModelRegistry
    /// The log to which it writes changes; empty.
    public var audit: any AuditLog
    /// Keeps a score of a model's version where the registry looks for scores; nil leaves that part untried.
    public var keepScore: (@Sendable (_ version: String) async throws -> Void)?

    /// Creates a subject for the checks.
    public init(
        registry: any ModelRegistry, audit: any AuditLog,
        keepScore: (@Sendable (_ version: String) async throws -> Void)? = nil
    ) {
        self.registry = registry
        self.audit = audit
        self.keepScore = keepScore
    }
}

/// The contract of every model registry.
public enum ModelRegistryContract {
    /// One promise.
    public typealias Check = ContractCheck<RegistryUnderTest>

    /// The promises.
    public static let checks: [Check] = Self.roleChanges + Self.deletions

    private static let roleChanges: [Check] = [
        Check("a registered model is found again with its files, archived, and only in its domain") {
            subject, findings in
            let model = Self.model("a", at: 1)
            let files = [BundleFile(name: "manifest.json", bytes: [1, 0, 255]), BundleFile(name: "b", bytes: [])]
            findings.expect(try await subject.registry.register(model, files: files), "it was not new")
            let listed = try await subject.registry.models(of: "telco")
            findings.expectEqual(listed, [model], "the models")
            let elsewhere = try await subject.registry.models(of: "bank")
            findings.expectEqual(elsewhere, [], "the models of another domain")
            let kept = try await subject.registry.bundleFiles(of: "a")
            findings.expectEqual(kept, files.reversed(), "the files, by name")
            let none = try await subject.registry.bundleFiles(of: "b")
            findings.expectEqual(none, [], "the files of a model that is not there")
        },
        Check("the newest model is listed first") { subject, findings in
            for number: Int64 in [2, 1, 3] { _ = try await Self.register("m\(number)", at: number, in: subject) }
            let versions = try await subject.registry.models(of: "telco").map(\.version)
            findings.expectEqual(versions, ["m3", "m2", "m1"], "the versions")
        },
        Check("the same bundle again changes nothing; another bundle of the version is refused") {
            subject, findings in
            _ = try await Self.register("a", at: 1, in: subject)
            let again = try await Self.register("a", at: 2, in: subject)
            findings.expect(!again, "it was new")
            var other = Self.model("a", at: 3)
            other.bundle.digest = "another"
            do {
                _ = try await subject.registry.register(other, files: [])
                findings.expect(false, "another bundle was taken")
            } catch {
                findings.expectEqual(error.failureDisposition, .fatal, "the disposition")
            }
            let listed = try await subject.registry.models(of: "telco")
            findings.expectEqual(listed, [Self.model("a", at: 1)], "the models")
        },
        Check("a promotion makes a champion of one and archives the one before it") { subject, findings in
            try await Self.registerThree(in: subject)
            try await Self.change(.promote("a"), at: 5, in: subject)
            let result = try await Self.change(.promote("b"), at: 6, in: subject)
            findings.expectEqual(result.changed.map(\.version), ["a", "b"], "the changed models")
            let roles = try await Self.roles(in: subject)
            findings.expectEqual(roles, ["a": .archived, "b": .champion, "c": .archived], "the roles")
            let champion = try await subject.registry.models(of: "telco").first { $0.role == .champion }
            findings.expectEqual(champion?.previousChampion, "a", "the champion before it")
            findings.expectEqual(champion?.changed, Self.time(6), "when")
            findings.expectEqual(champion?.changedBy, "cli:tester", "by whom")
        },
        Check("a challenger has its share, makes way for the next, and is archived") { subject, findings in
            try await Self.registerThree(in: subject)
            try await Self.change(.promote("a"), at: 5, in: subject)
            try await Self.change(.challenge("b", canary: CanaryShare(0.05)), at: 6, in: subject)
            let share = try await subject.registry.models(of: "telco").first { $0.role == .challenger }?.canary
            findings.expectEqual(share, CanaryShare(0.05), "the share")
            try await Self.change(.challenge("c", canary: .none), at: 7, in: subject)
            var roles = try await Self.roles(in: subject)
            findings.expectEqual(roles, ["a": .champion, "b": .archived, "c": .challenger], "the roles")
            try await Self.change(.archive("c"), at: 8, in: subject)
            roles = try await Self.roles(in: subject)
            findings.expectEqual(roles, ["a": .champion, "b": .archived, "c": .archived], "the roles at the end")
        },
        Check("rollbacks go back from champion to champion") { subject, findings in
            try await Self.registerThree(in: subject)
            for (time, version) in [(5, "a"), (6, "b"), (7, "c")] as [(Int64, String)] {
                try await Self.change(.promote(version), at: time, in: subject)
            }
            for expected in ["b", "a"] {
                try await Self.change(.rollback, at: 8, in: subject)
                let roles = try await Self.roles(in: subject)
                findings.expectEqual(roles.filter { $0.value == .champion }.map(\.key), [expected], "the champion")
            }
            await Self.expectRefusal(.rollback, in: subject, findings)
        },
        Check("what makes no sense is refused and changes nothing") { subject, findings in
            try await Self.registerThree(in: subject)
            try await Self.change(.promote("a"), at: 5, in: subject)
            for change: ModelRoleChange in [
                .promote("nobody"), .archive("a"), .challenge("a", canary: .none), .rollback, .archive("nobody"),
            ] { await Self.expectRefusal(change, in: subject, findings) }
            let roles = try await Self.roles(in: subject)
            findings.expectEqual(roles, ["a": .champion, "b": .archived, "c": .archived], "the roles")
        },
        Check("the audit log says who changed what; nothing where nothing changed") { subject, findings in
            try await Self.registerThree(in: subject)
            try await Self.change(.promote("a"), at: 5, in: subject)
            try await Self.change(.promote("a"), at: 6, in: subject)
            try await Self.change(.promote("b"), at: 7, in: subject)
            try await Self.change(.rollback, at: 8, in: subject)
            let entries = try await subject.audit.auditEntries(before: nil, limit: 10).map(\.entry)
            findings.expectEqual(
                entries.map { "\($0.action) \($0.subject ?? "")" },
                [
                    "model.rolled-back a", "model.promoted b", "model.promoted a", "model.registered c",
                    "model.registered b", "model.registered a",
                ], "the audit log")
            findings.expectEqual(entries.first?.actor, "cli:tester", "the actor")
            findings.expectEqual(entries.first?.time, Self.time(8), "the time")
        },
        Check("of many who promote at once, one champion is left") { subject, findings in
            try await Self.registerThree(in: subject)
            try await withThrowingTaskGroup(of: Void.self) { group in
                for round: Int64 in 0..<4 {
                    for version in ["a", "b", "c"] {
                        group.addTask { try await Self.change(.promote(version), at: 10 + round, in: subject) }
                    }
                }
                try await group.waitForAll()
            }
            let roles = try await Self.roles(in: subject)
            findings.expectEqual(roles.values.count { $0 == .champion }, 1, "the number of champions")
        },
    ]

    private static func expectRefusal(
        _ change: ModelRoleChange, in subject: RegistryUnderTest, _ findings: ContractFindings
    ) async {
        do {
            _ = try await Self.change(change, at: 9, in: subject)
            findings.expect(false, "\(change) was done")
        } catch {
            findings.expectEqual(error.failureDisposition, .fatal, "the disposition of \(change)")
        }
    }

    static func time(_ seconds: Int64) -> Timestamp {
        Timestamp(microseconds: 1_767_225_600_000_000 + seconds * 1_000_000)
    }

    private static func model(_ version: String, at seconds: Int64) -> RegisteredModel {
        RegisteredModel(
            description: ModelDescription(
                version: version, domain: "telco", library: "xgboost 1.7.4", trainingRows: 7_043,
                trainingPositives: 1_869, trees: 300, metrics: ["auc": 0.846, "brier_score": 0.135]),
            bundle: BundleReference(digest: "digest of \(version)"), schemaDigest: "schema",
            source: "/models/\(version)",
            registered: self.time(seconds), registeredBy: "cli:tester")
    }

    @discardableResult
    static func register(
        _ version: String, at seconds: Int64, in subject: RegistryUnderTest
    ) async throws -> Bool {
        try await subject.registry.register(
            Self.model(version, at: seconds), files: [BundleFile(name: "manifest.json", bytes: [1])])
    }

    static func registerThree(in subject: RegistryUnderTest) async throws {
        for (number, version) in ["a", "b", "c"].enumerated() {
            try await Self.register(version, at: Int64(number), in: subject)
        }
    }

    @discardableResult
    static func change(
        _ change: ModelRoleChange, at seconds: Int64, in subject: RegistryUnderTest
    ) async throws -> ModelRoleChange.Result {
        try await subject.registry.change(change, in: "telco", by: "cli:tester", at: self.time(seconds))
    }

    static func roles(in subject: RegistryUnderTest) async throws -> [String: ModelRole] {
        Dictionary(
            uniqueKeysWithValues: try await subject.registry.models(of: "telco").map { ($0.version, $0.role) })
    }
}
