import ChurnCore

/// The statements that delete statistics.
///
/// Days count as old once they are over: the day of the point in time itself is kept, and its hour too.
extension Retention {
    static let pruneHours = ["risk_snapshots", "score_hours"].map { table in
        Statement(
            name: "prune_\(table)",
            sql: """
                DELETE FROM \(table) WHERE hour = ANY(ARRAY(
                    SELECT hour FROM \(table) WHERE hour < date_trunc('hour', $1::timestamptz, 'UTC')
                    ORDER BY hour LIMIT $2::int8))
                """)
    }

    static let pruneCounts = Statement(
        name: "prune_model_counts", sql: Self.byDay("model_counts"))
    // Hours are looked at for a day only: what they add up to stays as days.
    static let pruneModelHours = Statement(
        name: "prune_model_hours",
        sql: """
            DELETE FROM model_hours WHERE ctid = ANY(ARRAY(
                SELECT ctid FROM model_hours WHERE hour <= extract(epoch FROM greatest(
                    $1::timestamptz, now() - interval '7 days')) / 3600 - 1 LIMIT $2::int8 FOR UPDATE SKIP LOCKED))
            """)
    static let pruneEpisodes = Statement(
        name: "prune_drift_episodes",
        sql: """
            DELETE FROM drift_episodes WHERE episode_id = ANY(ARRAY(
                SELECT episode_id FROM drift_episodes WHERE ended_at < $1::timestamptz LIMIT $2::int8
                FOR UPDATE SKIP LOCKED))
            """)
    static let pruneShadows = Statement(
        name: "prune_shadow_scores", sql: Self.byDay("shadow_scores"))

    // An outcome that was imported late counts from its import: it may have been kept for training's sake.
    static let pruneOutcomes = Statement(
        name: "prune_outcomes",
        sql: """
            DELETE FROM outcomes WHERE ctid = ANY(ARRAY(
                SELECT ctid FROM outcomes WHERE occurred_at < $1::timestamptz AND recorded_at < $1::timestamptz
                ORDER BY occurred_at LIMIT $2::int8 FOR UPDATE SKIP LOCKED))
            """)

    private static func byDay(_ table: String) -> String {
        """
        DELETE FROM \(table) WHERE ctid = ANY(ARRAY(
            SELECT ctid FROM \(table) WHERE day < ($1::timestamptz AT TIME ZONE 'UTC')::date
            ORDER BY day LIMIT $2::int8 FOR UPDATE SKIP LOCKED))
        """
    }
}
