import ChurnCore
import ChurnInsight

/// Writes that are sent again because their answer was lost: the sender's own key says that they are the same.
extension PostgresStore {
    // Another try of the same write may be under way: it is waited for, and then seen.
    private static let awaitKey = Statement(
        name: "await_write_key",
        sql: "SELECT pg_advisory_xact_lock(hashtextextended('churn write ' || $1::text || ' ' || $2::text, 0))")
    private static let findKey = Statement(
        name: "find_write_key",
        sql: """
            \(PostgresStore.interventionColumns) FROM intervention_log
            WHERE customer_id = $1::text AND write_key = $2::text
            """)
    private static let keepKey = Statement(
        name: "keep_write_key", sql: "UPDATE intervention_log SET write_key = $2::text WHERE log_id = $1::int8")

    /// The intervention of an earlier try of a write; nil where this is the first.
    static func written(
        _ intervention: NewIntervention, on connection: isolated PostgresConnection
    ) throws -> Intervention? {
        guard let key = intervention.writeKey else { return nil }
        var parameters = ParameterBuffer()
        parameters.text(intervention.customerID)
        parameters.text(key)
        _ = try connection.run(self.awaitKey, parameters)
        return self.interventions(in: try connection.run(self.findKey, parameters)).first
    }

    /// Keeps the key beside what was written with it.
    static func keepKey(
        of intervention: NewIntervention, at id: Int64, on connection: isolated PostgresConnection
    ) throws {
        guard let key = intervention.writeKey else { return }
        var parameters = ParameterBuffer()
        parameters.int64(id)
        parameters.text(key)
        _ = try connection.run(self.keepKey, parameters)
    }
}
