/// The statements of a batch's transaction that do not depend on the domain.
enum WriteStatements {
    /// The SQLSTATE of ``complete(name:of:_:)``, of a class that is PostgreSQL's for no one.
    static let refusal = "UC001"

    /// `change` as a statement that fails unless it changes a row for each element of its first array.
    ///
    /// What is counted are rows that were changed, not conditions that held, so that nothing passes by a way that no one
    /// thought of. It costs some 7 us and 0.2 us a row.
    static func complete(name: String, of type: String, _ change: String) -> Statement {
        Self.complete(name: name, of: type, counting: "\(change) RETURNING true AS is_right")
    }

    /// `rows` as a statement that fails unless it finds a row that `is_right` for each element of its first array.
    static func complete(name: String, of type: String, counting rows: String) -> Statement {
        Statement(
            name: name,
            sql: """
                WITH found AS (\(rows))
                SELECT CASE WHEN count(*) FILTER (WHERE is_right) = cardinality($1::\(type)) THEN true
                    ELSE churn_refuse('\(name)') END
                FROM found
                """)
    }

    static let begin = Statement(name: "begin", sql: "BEGIN ISOLATION LEVEL READ COMMITTED")

    // The fence. A row that does not stand where its range begins, or whose last update is not the one that the batch's
    // updates follow, is missing in the count. The rows come, and are locked, in the order of their key. Only those of
    // the current epoch count: see StreamOffsets.reset.
    static let fence = complete(
        name: "fence", of: "int4[]",
        """
        UPDATE stream_positions AS p SET next_offset = r.next_offset,
            last_update = coalesce(r.last_update, p.last_update), updated_at = now()
        FROM (SELECT unnest($1::int4[]) AS stream_id, unnest($2::int4[]) AS epoch, unnest($3::int4[]) AS partition,
            unnest($4::int8[]) AS batch_from, unnest($5::int8[]) AS next_offset, unnest($6::int8[]) AS previous,
            unnest($7::int8[]) AS last_update) AS r
        WHERE p.stream_id = r.stream_id AND p.epoch = r.epoch AND p.partition = r.partition
            AND p.next_offset = r.batch_from
            AND (r.last_update IS NULL OR p.last_update IS NOT DISTINCT FROM r.previous)
            AND r.epoch = (SELECT s.epoch FROM streams s WHERE s.stream_id = r.stream_id)
        """)

    // First positions of partitions that have none, where no source pinned them. Of two first writers the second waits
    // for the first here, and finds its row with the fence.
    static let beginPartitions = Statement(
        name: "begin_partitions",
        sql: """
            INSERT INTO stream_positions (stream_id, epoch, partition, next_offset)
            SELECT r.stream_id, r.epoch, r.partition, r.batch_from
            FROM (SELECT unnest($1::int4[]) AS stream_id, unnest($2::int4[]) AS epoch, unnest($3::int4[]) AS partition,
                unnest($4::int8[]) AS batch_from) AS r
            JOIN streams s ON s.stream_id = r.stream_id AND s.epoch = r.epoch
            ORDER BY r.stream_id, r.epoch, r.partition ON CONFLICT DO NOTHING
            """)

    // A customer whose version moved since it was scored is left alone and its score is not logged.
    static func insertRescores(users: UsersTable) -> Statement {
        Statement(
            name: "insert_rescores",
            sql: """
                WITH scored AS (
                    UPDATE users AS u SET churn_probability = c.probability, churn_band = c.band,
                        churn_scored_at = c.scored_at
                    FROM (SELECT unnest($1::int8[]) AS event_id, unnest($2::text[]) AS id,
                        unnest($3::timestamptz[]) AS scored_at, unnest($4::float8[]) AS probability,
                        unnest($5::text[]) AS band, unnest($6::int8[]) AS version, unnest($7::int4[]) AS model_id) AS c
                    WHERE u.\(users.id) = c.id AND u.churn_version = c.version
                    RETURNING c.*
                )
                INSERT INTO event_log (event_id, user_id, event_timestamp, churn_probability, customer_version, model_id)
                SELECT event_id, id, scored_at, probability, version, model_id FROM scored
                """)
    }

    // A key that was accepted longer ago than the window may still lie there: it is taken over.
    static let acceptKeys = complete(
        name: "accept_keys", of: "text[]",
        """
        INSERT INTO event_dedup AS d (user_id, source_event_id, accepted_at)
        SELECT unnest($1::text[]), unnest($2::text[]), now()
        ON CONFLICT (user_id, source_event_id) DO UPDATE SET accepted_at = excluded.accepted_at
            WHERE d.accepted_at <= now() - $3::int8 * interval '1 microsecond'
        """)

    static let acceptedKeys = Statement(
        name: "accepted_keys",
        sql: """
            SELECT d.user_id, d.source_event_id
            FROM (SELECT unnest($1::text[]) AS user_id, unnest($2::text[]) AS source_event_id) AS k
            JOIN event_dedup d ON d.user_id = k.user_id AND d.source_event_id = k.source_event_id
            WHERE d.accepted_at > now() - $3::int8 * interval '1 microsecond'
            """)

    static let insertDeadLetters = Statement(
        name: "insert_dead_letters",
        sql: """
            INSERT INTO dead_letters (stream_id, epoch, partition, stream_offset, record_time, record_key, record_value,
                header_names, header_values, code, reason)
            VALUES ($1::int4, $2::int4, $3::int4, $4::int8, $5::timestamptz, $6::bytea, $7::bytea, $8::text[],
                $9::bytea[], $10::text, $11::text)
            """)

    static let refuseDeadLetters = complete(
        name: "refuse_dead_letters", of: "int8[]",
        """
        UPDATE dead_letters AS d SET attempts = d.attempts + 1, code = c.code, reason = c.reason, updated_at = now()
        FROM (SELECT unnest($1::int8[]) AS id, unnest($2::text[]) AS code, unnest($3::text[]) AS reason) AS c
        WHERE d.dead_letter_id = c.id AND d.status = 'open'
        """)

    static let finishDeadLetters = complete(
        name: "finish_dead_letters", of: "int8[]",
        """
        UPDATE dead_letters SET status = 'done', updated_at = now()
        WHERE dead_letter_id = ANY($1::int8[]) AND status = 'open'
        """)

    // The same outcome again, without an event, leaves what is known of its event. What came before an outcome is looked
    // up when it is first recorded: of a batch's own events none is in the log yet.
    static let addOutcomes = Statement(
        name: "add_outcomes",
        sql: """
            INSERT INTO outcomes AS o (user_id, occurred_at, has_churned, event_id, alert_id, prediction_id, log_id)
            SELECT id, occurred_at, has_churned, event_id,
                (SELECT l.event_id FROM event_log l WHERE l.user_id = k.id AND l.became_at_risk
                    AND l.event_timestamp <= k.occurred_at ORDER BY l.event_id DESC LIMIT 1),
                (SELECT l.event_id FROM event_log l WHERE l.user_id = k.id AND l.churn_probability IS NOT NULL
                    AND l.event_timestamp <= k.occurred_at ORDER BY l.event_id DESC LIMIT 1),
                (SELECT i.log_id FROM intervention_log i WHERE i.customer_id = k.id AND i.log_timestamp <= k.occurred_at
                    ORDER BY i.log_id DESC LIMIT 1)
            FROM (SELECT DISTINCT ON (id, occurred_at) id, occurred_at, has_churned, event_id FROM (
                SELECT unnest($1::text[]) AS id, unnest($2::timestamptz[]) AS occurred_at,
                    unnest($3::bool[]) AS has_churned, unnest($4::int8[]) AS event_id,
                    unnest($5::int4[]) AS place) AS n
            ORDER BY id, occurred_at, place DESC) AS k
            ON CONFLICT (user_id, occurred_at) DO UPDATE SET has_churned = excluded.has_churned,
                event_id = excluded.event_id, recorded_at = now()
                WHERE o.has_churned <> excluded.has_churned
                    OR excluded.event_id IS NOT NULL AND o.event_id IS DISTINCT FROM excluded.event_id
            """)

    static let insertUpdates = Statement(
        name: "insert_updates",
        sql: """
            INSERT INTO update_log (stream_id, epoch, partition, first_number, last_number, previous_number, frame_index,
                frames, customer_states, score_sum, scores)
            SELECT unnest($1::int4[]), unnest($2::int4[]), unnest($3::int4[]), unnest($4::int8[]), unnest($5::int8[]),
                unnest($6::int8[]), unnest($7::bytea[]), unnest($8::bytea[]), unnest($9::bytea[]),
                unnest($10::float8[]), unnest($11::int8[])
            """)
}
