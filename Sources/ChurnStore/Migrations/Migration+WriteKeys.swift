extension Migration {
    /// Interventions that are sent again, because the answer was lost, are kept once.
    static let writeKeys = Migration(
        number: 35, name: "keys of interventions that may be sent again", compatibleFrom: 31,
        sql: """
            ALTER TABLE intervention_log ADD COLUMN write_key text;
            CREATE UNIQUE INDEX intervention_log_write_key ON intervention_log (customer_id, write_key)
                WHERE write_key IS NOT NULL;
            """)
}
