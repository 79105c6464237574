extension Migration {
    // Only steps write here, so that events cost what they cost before. Steps from before it was made are not in it.
    static let caseChanges = Migration(
        number: 15, name: "the history of what people do about alerts",
        sql: """
            CREATE TABLE alert_changes (
                event_id bigint NOT NULL,
                version bigint NOT NULL,
                from_status text NOT NULL,
                to_status text NOT NULL,
                changed_by text NOT NULL,
                changed_at timestamptz NOT NULL,
                assignee text,
                snoozed_until timestamptz,
                outcome text,
                PRIMARY KEY (event_id, version)
            );
            """)

    // Only the few events that raised a case pay for it.
    static let caseScores = Migration(
        number: 19, name: "the lowest score of an alert",
        sql: """
            CREATE INDEX event_log_risk_score ON event_log (churn_probability) WHERE became_at_risk;
            """)
}
