extension Migration {
    // A case is a row of event_log; it gets a row here when someone acts on it. The partial index holds the few
    // events that raised one, so that other events pay for no more than the look at their flag.
    static let cases = Migration(
        number: 8, name: "what people do about alerts",
        sql: """
            CREATE TABLE alert_states (
                event_id bigint PRIMARY KEY,
                status text NOT NULL
                    CHECK (status IN ('open', 'acknowledged', 'assigned', 'snoozed', 'resolved')),
                assignee text,
                snoozed_until timestamptz,
                outcome text,
                changed_by text NOT NULL,
                changed_at timestamptz NOT NULL,
                version bigint NOT NULL
            );
            CREATE INDEX alert_states_assignee ON alert_states (assignee, event_id) WHERE assignee IS NOT NULL;
            CREATE INDEX event_log_at_risk ON event_log (event_id) WHERE became_at_risk;
            """)

    // A claim moves due_at behind its lease. The body is what is sent, and goes when it was delivered.
    static let webhookDeliveries = Migration(
        number: 9, name: "deliveries to webhooks",
        sql: """
            CREATE TABLE webhook_deliveries (
                delivery_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
                pipeline text COLLATE "C" NOT NULL,
                webhook text COLLATE "C" NOT NULL,
                event_id bigint NOT NULL,
                delivery_key text NOT NULL,
                status text NOT NULL DEFAULT 'pending' CHECK (status IN ('pending', 'delivered', 'failed')),
                attempts int NOT NULL DEFAULT 0,
                http_status int,
                error text,
                body bytea,
                created_at timestamptz NOT NULL DEFAULT now(),
                attempted_at timestamptz,
                due_at timestamptz NOT NULL DEFAULT now(),
                finished_at timestamptz,
                UNIQUE (pipeline, webhook, event_id)
            );
            CREATE INDEX webhook_deliveries_due ON webhook_deliveries (pipeline, webhook, due_at)
                WHERE status = 'pending';
            """)
}
