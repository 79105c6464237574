extension Migration {
    // Open cases are found by their own index, which takes the place of the one of all cases, so that events cost what
    // they cost before. Only steps set the mark; a snoozed case keeps it when its time is over, and is found by
    // alert_states.
    static let openCases = Migration(
        number: 20, name: "an index of open alerts",
        sql: """
            ALTER TABLE event_log ADD COLUMN is_taken boolean;
            UPDATE event_log l SET is_taken = true FROM alert_states s
                WHERE s.event_id = l.event_id AND s.status <> 'open';
            CREATE INDEX event_log_open ON event_log (event_id) WHERE became_at_risk AND is_taken IS NULL;
            DROP INDEX event_log_at_risk;
            CREATE INDEX alert_states_snoozed ON alert_states (event_id) WHERE status = 'snoozed';
            """)
}
