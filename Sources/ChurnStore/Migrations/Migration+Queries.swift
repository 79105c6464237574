extension Migration {
    // Only alerts enter the index, so that other events pay nothing for it.
    static let queries = Migration(
        number: 10, name: "kinds of interventions and the list of alerts",
        sql: """
            ALTER TABLE intervention_log ADD COLUMN intervention_type text, ADD COLUMN note text;
            CREATE INDEX event_log_alerts ON event_log (event_id) WHERE is_alert;
            """)
}
