extension Migration {
    /// The newest steps, in order; the next one is added here.
    static let newest = [
        // The fence compares what is stored with what the batch brings along. The writer that was faster may be the same
        // process, in a COMMIT whose answer was lost, so the server's log says only what it knows.
        Migration(
            number: 31, name: "positions without what the last batch was made for",
            sql: """
                ALTER TABLE stream_positions DROP COLUMN batch_from, DROP COLUMN batch_previous;
                CREATE OR REPLACE FUNCTION churn_refuse(statement text) RETURNS boolean LANGUAGE plpgsql VOLATILE AS $$
                BEGIN
                    RAISE EXCEPTION USING ERRCODE = 'UC001',
                        MESSAGE = 'batch refused: ' || statement || ' does not find the rows that it was made for',
                        HINT = 'The pipeline reads what is stored and goes on from there; nothing is lost.';
                END $$;
                """),
        desk,
        // The audit log knows the bearer of a key by its name alone. Of keys that share one the first keeps it.
        Migration(
            number: 33, name: "names of API keys are unique", compatibleFrom: 31,
            sql: """
                UPDATE api_keys AS later SET name = later.name || ' ' || later.key_id
                WHERE later.revoked_at IS NULL AND EXISTS (
                    SELECT FROM api_keys AS earlier
                    WHERE earlier.name = later.name AND earlier.revoked_at IS NULL
                        AND (earlier.created_at, earlier.key_id) < (later.created_at, later.key_id));
                CREATE UNIQUE INDEX api_keys_name ON api_keys (name) WHERE revoked_at IS NULL;
                """),
        // When something happened to a customer last is not when it was scored last. The table of customers is made after
        // the steps, with the column. Customers have none before their next event.
        Migration(
            number: 34, name: "customers at risk by the hour, and when each customer's last event was",
            compatibleFrom: 31,
            sql: """
                ALTER TABLE risk_snapshots ADD COLUMN at_risk bigint;
                ALTER TABLE IF EXISTS users ADD COLUMN IF NOT EXISTS churn_last_event_at timestamptz;
                """),
        writeKeys,
        judgements,
        rescoreRuns,
    ]
}
