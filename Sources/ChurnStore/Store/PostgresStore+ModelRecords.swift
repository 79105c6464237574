import ChurnCore
import ChurnInsight

extension PostgresStore: ModelRecords {
    private static let addCounts = Statement(
        name: "add_model_counts",
        sql: """
            INSERT INTO model_counts AS m (version, day, series, counts)
            VALUES ($1::text, date '1970-01-01' + $2::int4, $3::text, $4::int8[])
            ON CONFLICT (version, day, series) DO UPDATE SET counts = ARRAY(
                SELECT coalesce(s.old, 0) + coalesce(s.new, 0)
                FROM unnest(m.counts, excluded.counts) WITH ORDINALITY AS s (old, new, place) ORDER BY s.place)
            """)
    // One row for each customer, model and day, else the statement would meet a row twice.
    private static let addShadow = Statement(
        name: "add_shadow_scores",
        sql: """
            INSERT INTO shadow_scores AS s (user_id, version, day, scored_at, churn_probability)
            SELECT DISTINCT ON (id, version, day) id, version, day, scored_at, probability FROM (
                SELECT unnest($1::text[]) AS id, unnest($2::text[]) AS version,
                    date '1970-01-01' + unnest($3::int4[]) AS day, unnest($4::timestamptz[]) AS scored_at,
                    unnest($5::float8[]) AS probability) AS n
            ORDER BY id, version, day, scored_at DESC
            ON CONFLICT (user_id, version, day) DO UPDATE SET scored_at = excluded.scored_at,
                churn_probability = excluded.churn_probability
                WHERE s.scored_at <= excluded.scored_at
            """)
    private static let readCounts = Statement(
        name: "read_model_counts",
        sql: """
            SELECT version, day - date '1970-01-01', series, counts FROM model_counts
            WHERE day >= date '1970-01-01' + $1::int4 ORDER BY version, day, series
            """)
    // The event's own time counts: it says what was known of the customer at which moment of the business. A score from
    // an event's outcome on knows that outcome, also where its event is said to have happened before.
    private static let judged = Statement(
        name: "judged_scores",
        sql: """
            SELECT o.user_id, o.occurred_at, o.has_churned, o.event_id, p.version, p.churn_probability, p.scored_at
            FROM outcomes o CROSS JOIN LATERAL (
                (SELECT m.version, l.churn_probability, l.event_timestamp AS scored_at
                FROM event_log l JOIN models m USING (model_id)
                WHERE l.user_id = o.user_id AND l.churn_probability IS NOT NULL
                    AND l.event_timestamp <= o.occurred_at AND (o.event_id IS NULL OR l.event_id < o.event_id)
                    AND l.event_timestamp > o.occurred_at - $2::int8 * interval '1 microsecond'
                ORDER BY l.event_timestamp DESC, l.event_id DESC LIMIT 1)
                UNION ALL
                (SELECT DISTINCT ON (s.version) s.version, s.churn_probability, s.scored_at FROM shadow_scores s
                WHERE s.user_id = o.user_id AND s.scored_at <= o.occurred_at
                    AND (o.event_id IS NULL OR s.scored_at < o.occurred_at)
                    AND s.scored_at > o.occurred_at - $2::int8 * interval '1 microsecond'
                ORDER BY s.version, s.scored_at DESC)) AS p
            WHERE o.occurred_at >= $1::timestamptz
            ORDER BY o.occurred_at, o.user_id, p.version COLLATE "C"
            """)

    /// Adds counts and shadow scores; see ``/ChurnInsight/ModelRecords/add(_:shadow:)``.
    public func add(_ counts: [ModelCounts], shadow: [ShadowScore]) async throws {
        // In one order, so that two processes wait for each other and do not lock each other out.
        var steps = counts.sorted {
            ($0.version, $0.day, $0.series.rawValue) < ($1.version, $1.day, $1.series.rawValue)
        }
        .map { each in
            var parameters = ParameterBuffer()
            parameters.text(each.version)
            parameters.int32(each.day)
            parameters.text(each.series.rawValue)
            parameters.array(of: .int64, each.counts) { $0.int64($1) }
            return Step(statement: Self.addCounts, parameters: parameters)
        }
        if !shadow.isEmpty {
            var parameters = ParameterBuffer(capacity: shadow.count * 96)
            parameters.array(of: .text, shadow) { $0.text($1.customerID) }
            parameters.array(of: .text, shadow) { $0.text($1.version) }
            parameters.array(of: .int32, shadow) { $0.int32($1.time.day) }
            parameters.array(of: .timestamp, shadow) { $0.timestamp($1.time) }
            parameters.array(of: .double, shadow) { $0.double($1.probability) }
            steps.append(Step(statement: Self.addShadow, parameters: parameters))
        }
        guard !steps.isEmpty else { return }
        let sent = steps
        try await self.pool.withConnection("add what models did") { connection in
            try connection.transaction {
                for result in try connection.run(sent) { _ = try result.get() }
            }
        }
    }

    /// The counts of all models from a day on; see ``/ChurnInsight/ModelRecords/modelCounts(since:)``.
    public func modelCounts(since day: Int32) async throws -> [ModelCounts] {
        var parameters = ParameterBuffer()
        parameters.int32(day)
        let sent = parameters
        return try await self.pool.withConnection("read what models did") { connection in
            let rows = try connection.run(Self.readCounts, sent)
            return (0..<rows.rowCount).map { row in
                ModelCounts(
                    version: rows.text(row, 0), day: rows.int32(row, 1),
                    series: CountSeries(rawValue: rows.text(row, 2)),
                    counts: rows.integers(row, 3, as: Int64.self))
            }
        }
    }

    /// Remembers outcomes; see ``/ChurnInsight/ModelRecords/recordOutcomes(_:)``.
    public func recordOutcomes(_ outcomes: [CustomerOutcome]) async throws -> Int {
        guard !outcomes.isEmpty else { return 0 }
        var parameters = ParameterBuffer(capacity: outcomes.count * 56)
        parameters.outcomes(outcomes)
        let (sent, ids) = (parameters, self.lockStep(outcomes.map(\.customerID)).parameters)
        return try await self.pool.withConnection("record outcomes") { connection in
            try connection.transaction {
                // Every writer of customers locks them in one order, and before it reads what it decides by.
                _ = try connection.run(self.statements.lockStates, ids)
                let changed = try connection.run(WriteStatements.addOutcomes, sent).changedRows
                _ = try connection.run(self.statements.followOutcomes, ids)
                return changed
            }
        }
    }

    /// Outcomes with the last score before each; see ``/ChurnInsight/ModelRecords/judgedScores(since:horizon:)``.
    public func judgedScores(since time: Timestamp, horizon: Duration) async throws -> [JudgedScore] {
        var parameters = ParameterBuffer()
        parameters.timestamp(time)
        parameters.int64(horizon.wholeMicroseconds)
        let sent = parameters
        return try await self.pool.withConnection("hold scores against outcomes") { connection in
            let rows = try connection.run(Self.judged, sent)
            return (0..<rows.rowCount).map { row in
                JudgedScore(
                    outcome: CustomerOutcome(
                        customerID: rows.text(row, 0), time: rows.timestamp(row, 1),
                        hasChurned: rows.boolean(row, 2), eventID: rows.optional(row, 3, rows.int64)),
                    version: rows.text(row, 4), probability: rows.double(row, 5), scored: rows.timestamp(row, 6))
            }
        }
    }
}
