import ChurnCore
import ChurnInsight

/// The statements that keep shadow scores and hold scores against outcomes.
enum JudgementStatements {
    // One row for each customer, model and time, else the statement would meet a row twice.
    private static let addShadow = Statement(
        name: "add_shadow_scores",
        sql: """
            INSERT INTO shadow_scores (user_id, version, day, scored_at, churn_probability, champion_version,
                champion_probability)
            SELECT DISTINCT ON (id, version, scored_at) id, version, day, scored_at, probability, champion, beside FROM (
                SELECT unnest($1::text[]) AS id, unnest($2::text[]) AS version,
                    date '1970-01-01' + unnest($3::int4[]) AS day, unnest($4::timestamptz[]) AS scored_at,
                    unnest($5::float8[]) AS probability, unnest($6::text[]) AS champion,
                    unnest($7::float8[]) AS beside, unnest($8::int4[]) AS place) AS n
            ORDER BY id, version, scored_at, place DESC
            ON CONFLICT (user_id, version, scored_at) DO UPDATE SET churn_probability = excluded.churn_probability,
                champion_version = excluded.champion_version, champion_probability = excluded.champion_probability
            """)
    // Kept are the first and the last of a day, and what was the last before an outcome that is known: what judged it
    // goes on judging it. A score after the outcome cannot take its place.
    private static let thinShadow = Statement(
        name: "thin_shadow_scores",
        sql: """
            WITH touched AS (
                SELECT DISTINCT unnest($1::text[]) AS user_id, unnest($2::text[]) AS version,
                    date '1970-01-01' + unnest($3::int4[]) AS day
            ), placed AS (
                SELECT s.user_id, s.version, s.scored_at, lag(s.scored_at) OVER w AS before, lead(s.scored_at) OVER w AS after
                FROM touched t JOIN shadow_scores s USING (user_id, version, day)
                WINDOW w AS (PARTITION BY s.user_id, s.version, s.day ORDER BY s.scored_at)
            )
            DELETE FROM shadow_scores s USING placed p
            WHERE s.user_id = p.user_id AND s.version = p.version AND s.scored_at = p.scored_at
                AND p.before IS NOT NULL AND p.after IS NOT NULL
                AND NOT EXISTS (SELECT 1 FROM outcomes o WHERE o.user_id = p.user_id
                    AND o.occurred_at >= p.scored_at AND o.occurred_at < p.after)
            """)
    // The event's own time counts: it says what was known of the customer at which moment of the business. A score from
    // an event's outcome on knows that outcome, also where its event is said to have happened before.
    static let judged = Statement(
        name: "judged_scores",
        sql: """
            SELECT o.user_id, o.occurred_at, o.has_churned, o.event_id, p.version, p.churn_probability, p.scored_at,
                p.champion_version, p.champion_probability
            FROM outcomes o CROSS JOIN LATERAL (
                (SELECT m.version, l.churn_probability, l.event_timestamp AS scored_at, NULL::text AS champion_version,
                    NULL::float8 AS champion_probability
                FROM event_log l JOIN models m USING (model_id)
                WHERE l.user_id = o.user_id AND l.churn_probability IS NOT NULL
                    AND l.event_timestamp <= o.occurred_at - $3::int8 * interval '1 microsecond'
                    AND (o.event_id IS NULL OR l.event_id < o.event_id)
                    AND l.event_timestamp > o.occurred_at - $4::int8 * interval '1 microsecond'
                ORDER BY l.event_timestamp DESC, l.event_id DESC LIMIT 1)
                UNION ALL
                (SELECT DISTINCT ON (s.version) s.version, s.churn_probability, s.scored_at, s.champion_version,
                    s.champion_probability
                FROM shadow_scores s
                WHERE s.user_id = o.user_id AND s.scored_at <= o.occurred_at - $3::int8 * interval '1 microsecond'
                    AND (o.event_id IS NULL OR s.scored_at < o.occurred_at)
                    AND s.scored_at > o.occurred_at - $4::int8 * interval '1 microsecond'
                ORDER BY s.version, s.scored_at DESC)) AS p
            WHERE o.occurred_at BETWEEN $1::timestamptz AND $2::timestamptz
            ORDER BY o.occurred_at, o.user_id, p.version COLLATE "C"
            """)
    static let counts = Statement(
        name: "count_outcomes",
        sql: """
            SELECT count(*) FILTER (WHERE occurred_at < $1::timestamptz),
                count(*) FILTER (WHERE occurred_at BETWEEN $1::timestamptz AND $2::timestamptz),
                count(*) FILTER (WHERE occurred_at > $2::timestamptz)
            FROM outcomes
            """)

    /// The steps that add shadow scores, and delete those of which they take the place.
    static func steps(_ shadow: [ShadowScore]) -> [Step] {
        guard !shadow.isEmpty else { return [] }
        var added = ParameterBuffer(capacity: shadow.count * 128)
        var thinned = ParameterBuffer(capacity: shadow.count * 64)
        func names(_ parameters: inout ParameterBuffer) {
            parameters.array(of: .text, shadow) { $0.text($1.customerID) }
            parameters.array(of: .text, shadow) { $0.text($1.version) }
            parameters.array(of: .int32, shadow) { $0.int32($1.time.day) }
        }
        names(&added)
        names(&thinned)
        added.array(of: .timestamp, shadow) { $0.timestamp($1.time) }
        added.array(of: .double, shadow) { $0.double($1.probability) }
        added.array(of: .text, shadow) { $0.text($1.champion?.version) }
        added.array(of: .double, shadow) { $0.double($1.champion?.probability) }
        added.array(of: .int32, Array(shadow.indices)) { $0.int32(Int32(clamping: $1)) }
        return [
            Step(statement: Self.addShadow, parameters: added), Step(statement: Self.thinShadow, parameters: thinned),
        ]
    }
}
