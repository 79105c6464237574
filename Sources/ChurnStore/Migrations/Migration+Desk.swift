extension Migration {
    /// The number of the migration after which customers with an outcome from before are marked.
    static let leavingNumber: Int32 = 32

    // users may not exist yet: then it is created with the column. Who looks at cases now asks for what was written in
    // the last seconds, hence the indexes; rows from before have no time of writing. An outcome keeps what came before
    // it, so that a proof can follow alert, prediction, intervention and outcome.
    static let desk = Migration(
        number: leavingNumber, name: "who left, and what led to what", compatibleFrom: 31,
        sql: """
            ALTER TABLE IF EXISTS users ADD COLUMN IF NOT EXISTS churn_left_at timestamptz;
            ALTER TABLE intervention_log ADD COLUMN action_id text, ADD COLUMN alert_id bigint,
                ADD COLUMN prediction_id bigint, ADD COLUMN recorded_at timestamptz;
            ALTER TABLE intervention_log ALTER COLUMN recorded_at SET DEFAULT now();
            CREATE INDEX intervention_log_recorded ON intervention_log (recorded_at);
            ALTER TABLE alert_changes ADD COLUMN log_id bigint, ADD COLUMN recorded_at timestamptz;
            ALTER TABLE alert_changes ALTER COLUMN recorded_at SET DEFAULT now();
            CREATE INDEX alert_changes_recorded ON alert_changes (recorded_at);
            ALTER TABLE outcomes ADD COLUMN alert_id bigint, ADD COLUMN prediction_id bigint, ADD COLUMN log_id bigint;
            """)
}
