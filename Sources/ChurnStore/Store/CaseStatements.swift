/// The statements that read cases.
///
/// Parameters: $1 numbers below it, $2 now, $3 statuses, $4 bands, $5 where the bands critical, high and medium begin,
/// $6 the assignee or NULL, $7 the limit, $8 the customer in the statement of one.
enum CaseStatements {
    static let columns = """
        SELECT l.event_id, l.user_id, l.event_type, l.event_timestamp, l.recorded_at, l.churn_probability,
            s.status, s.assignee, s.snoozed_until, s.outcome, s.changed_by, s.changed_at, s.version,
            \(CaseStatements.firstReason) AS reason
        """
    /// The column of the first reason that raises the risk of an event `l`.
    static let firstReason = """
        (SELECT m.features[r.feature] FROM models m, unnest(l.reason_features, l.reason_contributions)
            WITH ORDINALITY AS r(feature, contribution, place)
            WHERE m.model_id = l.model_id AND r.contribution > 0 ORDER BY r.place LIMIT 1)
        """
    private static let status = """
        CASE WHEN s.status IS NULL OR (s.status = 'snoozed' AND s.snoozed_until <= $2::timestamptz) THEN 'open'
            ELSE s.status END
        """
    // PostgreSQL takes a comparison of such expressions for one that next to nothing passes, and would sort all cases
    // rather than walk along an index; of coalesce it expects every second one to pass.
    private static let isWanted = "coalesce((\(status)) = ANY($3::text[]), false)"
    private static let isInBand = """
        coalesce((CASE WHEN l.churn_probability >= ($5::float8[])[1] THEN 'Critical'
            WHEN l.churn_probability > ($5::float8[])[2] THEN 'High'
            WHEN l.churn_probability > ($5::float8[])[3] THEN 'Medium' ELSE 'Low' END) = ANY($4::text[]), false)
        """
    private static let conditions = """
        l.became_at_risk AND \(isWanted) AND \(isInBand) AND ($6::text IS NULL OR s.assignee = $6::text)
        """
    private static let untouched = "FROM event_log l LEFT JOIN alert_states s ON s.event_id = l.event_id"
    // LIMIT has events looked up one by one, for as many as a page needs; a plan might join whole tables.
    private static let touched = """
        FROM alert_states s
            CROSS JOIN LATERAL (SELECT * FROM event_log l WHERE l.event_id = s.event_id LIMIT 1) AS l
        """

    // Those that are open have an index of their own, the others a row of alert_states: a page is made of the newest of
    // both, so that it costs the same however many the others are. Bands that lie wholly below every case are found
    // out by one look, before all cases are gone through for none: below the threshold, which makes cases, there are
    // two of them.
    private static func newest(taken: String) -> String {
        """
        WITH possible AS MATERIALIZED (
            SELECT (CASE WHEN 'Critical' = ANY($4::text[]) THEN 'infinity' WHEN 'High' = ANY($4::text[])
                THEN ($5::float8[])[1] WHEN 'Medium' = ANY($4::text[]) THEN ($5::float8[])[2]
                ELSE ($5::float8[])[3] END)
                >= (SELECT min(churn_probability) FROM event_log WHERE became_at_risk) AS is_possible)
        SELECT * FROM (
            (\(columns) FROM (
                    SELECT * FROM event_log l WHERE (SELECT is_possible FROM possible) AND l.event_id < $1::int8
                        AND l.became_at_risk AND l.is_taken IS NULL AND \(isInBand)
                    ORDER BY l.event_id DESC LIMIT $7::int8
                ) AS l LEFT JOIN LATERAL (SELECT * FROM alert_states s WHERE s.event_id = l.event_id LIMIT 1) AS s ON true)
            UNION ALL
            (\(columns) \(touched)
                WHERE (SELECT is_possible FROM possible) AND s.event_id < $1::int8 AND \(taken) AND l.is_taken
                    AND \(conditions)
                ORDER BY s.event_id DESC LIMIT $7::int8)
        ) AS a ORDER BY event_id DESC LIMIT $7::int8
        """
    }

    static let all = Statement(name: "cases", sql: CaseStatements.newest(taken: "s.status <> 'open'"))

    // Of those that were taken, only snoozed ones become open by themselves.
    static let open = Statement(name: "open_cases", sql: CaseStatements.newest(taken: "s.status = 'snoozed'"))

    static let ofCustomer = Statement(
        name: "cases_of_customer",
        sql: """
            \(columns) \(untouched) WHERE l.user_id = $8::text AND l.event_id < $1::int8 AND \(conditions)
            ORDER BY l.event_id DESC LIMIT $7::int8
            """)

    // What no one acted on cannot fit: only the rows of those who did are looked at.
    static let acted = Statement(
        name: "touched_cases",
        sql: """
            \(columns) \(touched) WHERE s.event_id < $1::int8 AND \(conditions)
            ORDER BY s.event_id DESC LIMIT $7::int8
            """)

    static let one = Statement(
        name: "one_case", sql: "\(columns) \(untouched) WHERE l.event_id = $1::int8 AND l.became_at_risk")

    // Rows of pruned events count until retention takes them too.
    static let counts = Statement(
        name: "case_counts",
        sql: """
            WITH acted AS (
                SELECT CASE WHEN s.status = 'snoozed' AND s.snoozed_until <= $1::timestamptz THEN 'open'
                    ELSE s.status END AS status, count(*) AS cases
                FROM alert_states s WHERE s.status <> 'open' GROUP BY 1
            )
            SELECT status, cases FROM acted WHERE status <> 'open'
            UNION ALL
            SELECT 'open', least($2::int8, coalesce((SELECT cases FROM acted WHERE status = 'open'), 0)
                + (SELECT count(*) FROM (SELECT 1 FROM event_log WHERE became_at_risk AND is_taken IS NULL
                    LIMIT $2::int8) AS l))
            """)
}
