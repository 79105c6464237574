extension Migration {
    // Contributions lie in arrays, which take a fifth of the room of their JSON; the names of their features are the
    // model's, and the views put both together. reason_features counts from 1, as PostgreSQL's arrays do. Margins are
    // log-odds before calibration. shap_summary stays what the contract says: one row a feature, of the model that
    // was summed up last, over all customers; segments and earlier models are in shap_segments.
    static let explanations = Migration(
        number: 16, name: "reasons of scores and of their changes",
        sql: """
            ALTER TABLE models ADD COLUMN features text[];
            ALTER TABLE event_log ADD COLUMN previous_probability double precision, ADD COLUMN margin double precision,
                ADD COLUMN reason_features smallint[], ADD COLUMN reason_contributions real[],
                ADD COLUMN change_contributions real[], ADD COLUMN changed_features jsonb;
            CREATE OR REPLACE VIEW predictions AS
                SELECT l.event_id AS prediction_id, l.user_id, l.churn_probability,
                    CASE WHEN l.event_type IS NULL THEN l.event_timestamp ELSE l.recorded_at END
                        AS prediction_timestamp,
                    m.version AS model_version, l.customer_version, l.is_alert, l.became_at_risk, l.source_event_id,
                    CASE WHEN l.event_type IS NOT NULL THEN l.event_id END AS event_id,
                    l.stream_id, l.epoch, l.partition, l.stream_offset, l.previous_probability, l.margin,
                    (SELECT jsonb_agg(jsonb_build_object('feature', m.features[r.feature], 'contribution',
                        r.contribution) ORDER BY r.place)
                        FROM unnest(l.reason_features, l.reason_contributions)
                            WITH ORDINALITY AS r(feature, contribution, place)) AS reasons
                FROM event_log l LEFT JOIN models m USING (model_id) WHERE l.churn_probability IS NOT NULL;
            CREATE VIEW score_changes AS
                SELECT l.event_id, l.user_id, l.event_type, l.event_timestamp,
                    l.previous_probability AS from_probability, l.churn_probability AS to_probability,
                    l.margin - (SELECT sum(c::float8) FROM unnest(l.change_contributions) AS c) AS from_margin,
                    CASE WHEN l.change_contributions IS NOT NULL THEN l.margin END AS to_margin,
                    m.version AS model_version,
                    (SELECT jsonb_object_agg(c.feature, c.contribution)
                        FROM unnest(m.features, l.change_contributions) AS c(feature, contribution)
                        WHERE c.feature IS NOT NULL AND c.contribution <> 0) AS contributions,
                    l.changed_features
                FROM event_log l LEFT JOIN models m USING (model_id) WHERE l.previous_probability IS NOT NULL;
            ALTER TABLE shap_summary ADD COLUMN model_version text, ADD COLUMN customers bigint,
                ADD COLUMN computed_at timestamptz;
            CREATE TABLE shap_segments (
                model_version text NOT NULL,
                segment text NOT NULL DEFAULT '',
                feature text NOT NULL,
                importance double precision NOT NULL,
                customers bigint NOT NULL,
                computed_at timestamptz NOT NULL DEFAULT now(),
                PRIMARY KEY (model_version, segment, feature)
            );
            """)
}
