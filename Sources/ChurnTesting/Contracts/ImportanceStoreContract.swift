public import ChurnCore
public import ChurnInsight

/// The contract of every store of feature importances.
public enum ImportanceStoreContract {
    /// A store and the queries that read it, over one customer base; empty.
    public struct Subject: Sendable {
        /// The store.
        public var store: any ImportanceStore
        /// Reads what the store keeps.
        public var queries: any CustomerQueries
        /// The customer base.
        public var domain: Domain

        /// Creates a subject for the checks.
        public init(store: any ImportanceStore, queries: any CustomerQueries, domain: Domain) {
            self.store = store
            self.queries = queries
            self.domain = domain
        }

        func summary(_ model: String, scale: Double) -> ImportanceSummary {
            let count = self.domain.schema.count
            func group(_ segment: String?, _ factor: Double) -> ImportanceSummary.Group {
                ImportanceSummary.Group(
                    segment: segment, customers: 7, importances: (0..<count).map { Double($0) * scale * factor })
            }
            return ImportanceSummary(
                model: ModelIdentity(version: model), time: StoreSamples.time,
                groups: [group(nil, 1), group("East", 2), group("West", -3)])
        }
    }
    /// One promise.
    public typealias Check = ContractCheck<Subject>

    /// Every promise.
    public static let checks: [Check] = [
        Check("the model that was summed up last counts, unless another is named; segments have their own") {
            subject, findings in
            try await subject.store.replaceImportances(subject.summary("m1", scale: 1))
            try await subject.store.replaceImportances(subject.summary("m2", scale: 10))
            let columns = subject.domain.schema.features.map(\.column)
            let top = Double(columns.count - 1)
            func first(_ segment: String?, _ model: String?) async throws -> FeatureImportance? {
                let found = try await subject.queries.featureImportances(
                    segment: segment, modelVersion: model, limit: 1)
                return found.first
            }
            let last = columns[columns.count - 1]
            func importance(_ feature: String, _ value: Double, _ model: String) -> FeatureImportance {
                FeatureImportance(feature: feature, importance: value, modelVersion: model)
            }
            findings.expectEqual(try await first(nil, nil), importance(last, top * 10, "m2"), "all customers")
            findings.expectEqual(try await first(nil, "m1"), importance(last, top, "m1"), "the first model")
            findings.expectEqual(try await first("East", nil), importance(last, top * 20, "m2"), "a segment")
            findings.expectEqual(
                try await first("West", "m1"), importance(columns[0], 0, "m1"), "another segment of the first model")
            findings.expectEqual(try await first("North", nil), nil, "an unknown segment")
            findings.expectEqual(try await first(nil, "m3"), nil, "an unknown model")
            let all = try await subject.queries.featureImportances(limit: 1_000)
            findings.expectEqual(all.count, columns.count, "the number of features")
            findings.expectEqual(all.map(\.importance), all.map(\.importance).sorted(by: >), "the order")
        },
        Check("a summary takes the place of the same model's one") { subject, findings in
            try await subject.store.replaceImportances(subject.summary("m1", scale: 5))
            var small = subject.summary("m1", scale: 1)
            small.groups.removeLast()
            try await subject.store.replaceImportances(small)
            let all = try await subject.queries.featureImportances(segment: nil, modelVersion: "m1", limit: 1)
            findings.expectEqual(all.first?.importance, Double(subject.domain.schema.count - 1), "the importance")
            let gone = try await subject.queries.featureImportances(segment: "West", modelVersion: nil, limit: 1)
            findings.expectEqual(gone, [], "the segment that is gone")
        },
        Check("the model that serves is shown by default, also where nothing is known of it") { subject, findings in
            for (model, scale) in [("m1", 1.0), ("m2", 10)] {
                try await subject.store.replaceImportances(subject.summary(model, scale: scale))
            }
            for (model, isKnown) in [("m1", true), ("m2", true), ("m3", false), ("m1", true), ("m1", true)] {
                let found = try await subject.store.showImportances(of: ModelIdentity(version: model))
                findings.expectEqual(found, isKnown, "whether something is known of \(model)")
                for segment in [nil, "East"] {
                    let shown = try await subject.queries.featureImportances(
                        segment: segment, modelVersion: nil, limit: 1)
                    findings.expectEqual(shown.map(\.modelVersion), isKnown ? [model] : [], "what is shown of \(model)")
                }
            }
            let named = try await subject.queries.featureImportances(segment: nil, modelVersion: "m2", limit: 1)
            findings.expectEqual(named.map(\.modelVersion), ["m2"], "a model that is named")
        },
    ]
}
