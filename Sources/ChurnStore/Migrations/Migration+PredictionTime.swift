extension Migration {
    // prediction_timestamp is the time for which the customer was scored, in the view as in the API: the record's time
    // of the event, or the time that a score without an event carries. When it was written is recorded_at, which has
    // the index.
    static let predictionTime = Migration(
        number: 30, name: "one meaning of a prediction's time",
        sql: """
            CREATE OR REPLACE VIEW predictions AS
                SELECT l.event_id AS prediction_id, l.user_id, l.churn_probability,
                    CASE WHEN l.event_type IS NULL THEN l.event_timestamp
                        ELSE coalesce(l.record_time, l.event_timestamp) END AS prediction_timestamp,
                    m.version AS model_version, l.customer_version, l.is_alert, l.became_at_risk, l.source_event_id,
                    CASE WHEN l.event_type IS NOT NULL THEN l.event_id END AS event_id,
                    l.stream_id, l.epoch, l.partition, l.stream_offset, l.previous_probability, l.margin,
                    (SELECT jsonb_agg(jsonb_build_object('feature', m.features[r.feature], 'contribution',
                        r.contribution) ORDER BY r.place)
                        FROM unnest(l.reason_features, l.reason_contributions)
                            WITH ORDINALITY AS r(feature, contribution, place)) AS reasons,
                    l.recorded_at
                FROM event_log l LEFT JOIN models m USING (model_id) WHERE l.churn_probability IS NOT NULL;
            """)
}
