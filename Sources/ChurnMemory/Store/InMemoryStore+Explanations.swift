public import ChurnCore
public import ChurnInsight

extension InMemoryStore: ImportanceStore {
    /// The events that moved a customer's score, newest first.
    public func scoreChanges(of customerID: String, limit: Int) async throws -> [RecentEvent]? {
        self.tables.withLock { tables in
            tables.customer(customerID).map { customer in
                Array(customer.events.lazy.filter { $0.change != nil }.reversed().prefix(max(0, limit)))
            }
        }
    }

    /// The features that matter most.
    public func featureImportances(
        segment: String?, modelVersion: String?, limit: Int
    ) async throws -> [FeatureImportance] {
        self.tables.withLock { tables in
            var found = tables.importances
            if segment != nil || modelVersion != nil {
                found = (modelVersion ?? tables.importanceModel).flatMap { tables.summaries[$0]?[segment] } ?? []
            }
            return Array(found.prefix(max(0, limit)))
        }
    }

    /// Replaces the features' importances over all customers.
    public func setFeatureImportances(_ importances: [FeatureImportance]) {
        let sorted = importances.sorted(by: FeatureImportance.precedes)
        self.tables.withLock { $0.importances = sorted }
    }

    /// Replaces what was known of a model; see ``/ChurnInsight/ImportanceStore/replaceImportances(_:)``.
    public func replaceImportances(_ summary: ImportanceSummary) async throws {
        let columns = self.domain.schema.features.map(\.column)
        let groups = summary.groups.map { group in
            (
                group.segment,
                zip(columns, group.importances).map {
                    FeatureImportance(feature: $0, importance: $1, modelVersion: summary.model.version)
                }.sorted(by: FeatureImportance.precedes)
            )
        }
        self.tables.withLock { tables in
            tables.summaries[summary.model.version] = Dictionary(groups, uniquingKeysWith: { first, _ in first })
            tables.importanceModel = summary.model.version
            tables.importances = tables.summaries[summary.model.version]?[nil] ?? []
        }
    }

    /// Shows the model that serves by default; see ``/ChurnInsight/ImportanceStore/showImportances(of:)``.
    public func showImportances(of model: ModelIdentity) async throws -> Bool {
        self.tables.withLock { tables in
            let known = tables.summaries[model.version]?[nil]
            tables.importanceModel = model.version
            tables.importances = known ?? []
            return known != nil
        }
    }
}

extension FeatureImportance {
    fileprivate static func precedes(_ a: FeatureImportance, _ b: FeatureImportance) -> Bool {
        (b.importance, a.feature) < (a.importance, b.feature)
    }
}
