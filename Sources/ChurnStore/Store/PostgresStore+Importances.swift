public import ChurnCore
public import ChurnInsight

extension PostgresStore: ImportanceStore {
    private static let importances = Statement(
        name: "importances",
        sql: """
            SELECT feature, importance, model_version FROM shap_summary ORDER BY importance DESC, feature COLLATE "C" LIMIT $1::int8
            """)
    private static let segmentImportances = Statement(
        name: "segment_importances",
        sql: """
            SELECT feature, importance, model_version FROM shap_segments
            WHERE segment = $2::text
                AND model_version = coalesce($3::text, (SELECT model_version FROM shap_summary LIMIT 1))
            ORDER BY importance DESC, feature COLLATE "C" LIMIT $1::int8
            """)
    private static let forgetModel = Statement(
        name: "forget_importances", sql: "DELETE FROM shap_segments WHERE model_version = $1::text")
    private static let forgetSummary = Statement(name: "forget_summary", sql: "DELETE FROM shap_summary")
    // What others wrote without a version goes only where there is something better.
    private static let forgetOthers = Statement(
        name: "forget_other_summaries",
        sql: """
            DELETE FROM shap_summary WHERE model_version <> $1::text OR (model_version IS NULL AND EXISTS
                (SELECT FROM shap_segments WHERE model_version = $1::text AND segment = ''))
            """)
    private static let addGroup = Statement(
        name: "add_importances",
        sql: """
            INSERT INTO shap_segments (model_version, segment, feature, importance, customers, computed_at)
            SELECT $1::text, $2::text, unnest($3::text[]), unnest($4::float8[]), $5::int8, $6::timestamptz
            """)
    private static let addSummary = Statement(
        name: "add_summary",
        sql: """
            INSERT INTO shap_summary (feature, importance, model_version, customers, computed_at)
            SELECT feature, importance, model_version, customers, computed_at FROM shap_segments
            WHERE model_version = $1::text AND segment = ''
            ON CONFLICT (feature) DO NOTHING
            """)
    private static let hasSummary = Statement(
        name: "has_summary", sql: "SELECT EXISTS (SELECT FROM shap_summary WHERE model_version = $1::text)")

    /// The features that matter most; see ``/ChurnInsight/CustomerQueries/featureImportances(segment:modelVersion:limit:)``.
    public func featureImportances(
        segment: String?, modelVersion: String?, limit: Int
    ) async throws -> [FeatureImportance] {
        let named = [segment, modelVersion].compactMap { $0 }
        guard !named.contains(where: { $0.utf8.contains(0) }), segment != "" else { return [] }
        var parameters = ParameterBuffer()
        parameters.int64(Int64(max(limit, 0)))
        if !named.isEmpty {
            parameters.text(segment ?? "")
            parameters.text(modelVersion)
        }
        let (sent, statement) = (parameters, named.isEmpty ? Self.importances : Self.segmentImportances)
        return try await self.pool.withConnection("read importances") { connection in
            let rows = try connection.run(statement, sent)
            return (0..<rows.rowCount).map {
                FeatureImportance(
                    feature: rows.text($0, 0), importance: rows.double($0, 1),
                    modelVersion: rows.optional($0, 2, rows.text))
            }
        }
    }

    /// Replaces what was known of a model in one transaction; see ``/ChurnInsight/ImportanceStore/replaceImportances(_:)``.
    public func replaceImportances(_ summary: ImportanceSummary) async throws {
        let names = self.users.columns.map(\.name.name)
        var model = ParameterBuffer()
        model.text(summary.model.version)
        var steps = [Step(statement: Self.forgetModel, parameters: model)]
        // A segment that has no name could not be distinguished from all customers.
        for group in summary.groups where group.segment != "" {
            var parameters = ParameterBuffer()
            parameters.text(summary.model.version)
            parameters.text(group.segment ?? "")
            parameters.array(of: .text, names) { $0.text($1) }
            parameters.array(of: .double, group.importances) { $0.double($1) }
            parameters.int64(Int64(group.customers))
            parameters.timestamp(summary.time)
            steps.append(Step(statement: Self.addGroup, parameters: parameters))
        }
        steps.append(Step(statement: Self.forgetSummary))
        steps.append(Step(statement: Self.addSummary, parameters: model))
        let sent = steps
        try await self.pool.withConnection("write importances") { connection in
            try connection.transaction {
                for step in sent { _ = try connection.run(step.statement, step.parameters) }
            }
        }
    }

    /// Makes `shap_summary` that of the model that serves; see ``/ChurnInsight/ImportanceStore/showImportances(of:)``.
    public func showImportances(of model: ModelIdentity) async throws -> Bool {
        let steps = Self.summarySteps(of: model.version)
        return try await self.pool.withConnection("choose importances") { connection in
            if try Self.hasSummary(of: model.version, on: connection) { return true }
            var isKept = false
            try connection.keepIfPossible {
                try connection.transaction {
                    for step in steps { _ = try connection.run(step.statement, step.parameters) }
                }
                isKept = true
            }
            // Where nothing can be kept there is nothing to compute either.
            return try !isKept || Self.hasSummary(of: model.version, on: connection)
        }
    }

    /// Returns the steps that make `shap_summary` that of a model.
    static func summarySteps(of version: String) -> [Step] {
        var parameters = ParameterBuffer()
        parameters.text(version)
        return [Self.forgetOthers, Self.addSummary].map { Step(statement: $0, parameters: parameters) }
    }

    private static func hasSummary(of version: String, on connection: isolated PostgresConnection) throws -> Bool {
        var parameters = ParameterBuffer()
        parameters.text(version)
        return try connection.run(Self.hasSummary, parameters).boolean(0, 0)
    }
}
