import ChurnCore
import ChurnInsight
import Testing

@testable import ChurnStore

@Suite(.enabled(if: TestDatabase.isThere, TestDatabase.absence))
struct ServedImportancesTests {
    private static let time = Timestamp(microseconds: 1_767_225_600_000_000)

    private static func summary(_ version: String, _ domain: Domain) -> ImportanceSummary {
        let group = ImportanceSummary.Group(
            segment: nil, customers: 1, importances: domain.schema.features.map { _ in 1 })
        return ImportanceSummary(model: ModelIdentity(version: version), time: Self.time, groups: [group])
    }

    @Test("shap_summary follows the registry's champion through promotion and rollback, and names it")
    func registry() async throws {
        try await TestDatabase.with { database in
            let store = try database.makeStore()
            for version in ["a", "b", "unknown"] {
                let model = RegisteredModel(
                    description: ModelDescription(
                        version: version, domain: "telco", library: "x", trainingRows: 1, trainingPositives: 1,
                        trees: 1, metrics: [:]), bundle: BundleReference(digest: version), schemaDigest: "s",
                    source: "/", registered: Self.time, registeredBy: "t")
                #expect(try await store.register(model, files: []))
            }
            for version in ["a", "b"] {
                try await store.replaceImportances(Self.summary(version, database.domain))
            }
            let steps: [(ModelRoleChange, [String?])] = [
                (.promote("a"), ["a"]), (.promote("b"), ["b"]), (.challenge("unknown", canary: CanaryShare(0)), ["b"]),
                (.rollback, ["a"]), (.promote("unknown"), []), (.rollback, ["a"]),
            ]
            for (change, expected) in steps {
                _ = try await store.change(change, in: "telco", by: "t", at: Self.time)
                let shown = try await database.rows("SELECT DISTINCT model_version AS v FROM shap_summary")
                #expect(shown.map { $0[0] } == expected, "after \(change)")
            }
            await store.close()
        }
    }
}
