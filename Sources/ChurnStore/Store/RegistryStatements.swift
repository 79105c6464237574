import ChurnCore
import ChurnInsight

/// The statements of the model registry.
enum RegistryStatements {
    private static let columns = """
        version, domain, bundle_digest, schema_digest, source, library, training_rows, training_positives, trees,
        metric_names, metric_values, role, canary_share, previous_champion, registered_at, registered_by, changed_at,
        changed_by
        """

    static let add = Statement(
        name: "add_model",
        sql: """
            INSERT INTO model_registry (\(columns)) VALUES ($1::text, $2::text, $3::text, $4::text, $5::text, $6::text,
                $7::int8, $8::int8, $9::int8, $10::text[], $11::float8[], 'archived', 0, NULL, $12::timestamptz,
                $13::text, $12::timestamptz, $13::text)
            ON CONFLICT DO NOTHING
            """)
    static let addFile = Statement(
        name: "add_model_file",
        sql: "INSERT INTO model_files (version, name, contents) VALUES ($1::text, $2::text, $3::bytea)")
    static let one = Statement(
        name: "one_model", sql: "SELECT \(columns) FROM model_registry WHERE version = $1::text")
    static let ofDomain = Statement(
        name: "models_of_domain",
        sql: """
            SELECT \(columns) FROM model_registry WHERE domain = $1::text ORDER BY registered_at DESC, version DESC
            """)
    // In one order, so that two who change roles at once wait for each other and do not lock each other out.
    static let locked = Statement(
        name: "lock_models",
        sql: "SELECT \(columns) FROM model_registry WHERE domain = $1::text ORDER BY version FOR UPDATE")
    static let files = Statement(
        name: "model_files", sql: "SELECT name, contents FROM model_files WHERE version = $1::text ORDER BY name")
    static let setRole = Statement(
        name: "set_model_role",
        sql: """
            UPDATE model_registry SET role = $2::text, canary_share = $3::float8, previous_champion = $4::text,
                changed_at = $5::timestamptz, changed_by = $6::text
            WHERE version = $1::text
            """)
    // The log has no index by model: where the model scored long ago or not at all this reads the whole log, once in a
    // model's life. A version that never scored has no number and costs nothing.
    static let hasScores = Statement(
        name: "has_scores",
        sql: """
            SELECT EXISTS (SELECT FROM models m WHERE m.version = $1::text
                AND EXISTS (SELECT FROM event_log l WHERE l.model_id = m.model_id))
            """)
    static let deleteFiles = Statement(
        name: "delete_model_files", sql: "DELETE FROM model_files WHERE version = $1::text")
    static let delete = Statement(name: "delete_model", sql: "DELETE FROM model_registry WHERE version = $1::text")

    static func models(in rows: PostgresResult) -> [RegisteredModel] {
        (0..<rows.rowCount).map { row in
            let names = rows.elements(row, 9).map { $0.map { String(decoding: $0, as: UTF8.self) } ?? "" }
            let values = rows.integers(row, 10, as: UInt64.self).map { Double(bitPattern: $0) }
            var model = RegisteredModel(
                description: ModelDescription(
                    version: rows.text(row, 0), domain: rows.text(row, 1), library: rows.text(row, 5),
                    trainingRows: Int(rows.int64(row, 6)), trainingPositives: Int(rows.int64(row, 7)),
                    trees: Int(rows.int64(row, 8)),
                    metrics: Dictionary(zip(names, values), uniquingKeysWith: { first, _ in first })),
                bundle: BundleReference(digest: rows.text(row, 2)), schemaDigest: rows.text(row, 3),
                source: rows.text(row, 4), registered: rows.timestamp(row, 14), registeredBy: rows.text(row, 15))
            model.role = ModelRole(rawValue: rows.text(row, 11)) ?? .archived
            model.canary = CanaryShare(rows.double(row, 12))
            model.previousChampion = rows.optional(row, 13, rows.text)
            model.changed = rows.timestamp(row, 16)
            model.changedBy = rows.text(row, 17)
            return model
        }
    }
}
