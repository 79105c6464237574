extension Migration {
    // Brings every number that the tables give themselves above what the tables hold. They lie behind after a standby
    // was promoted that had not received the last of them, and after a copy of the tables without their sequences.
    static let numbers = Migration(
        number: 24, name: "raising numbers above the tables",
        sql: """
            CREATE FUNCTION churn_raise_numbers() RETURNS void LANGUAGE plpgsql VOLATILE
            SECURITY DEFINER SET search_path FROM CURRENT AS $$
            DECLARE
                place record;
                highest bigint;
            BEGIN
                UPDATE event_numbers
                    SET next_event_id = greatest(next_event_id, (SELECT coalesce(max(event_id), 0) + 1 FROM event_log));
                FOR place IN
                    SELECT t.name, a.attname AS number, pg_get_serial_sequence(t.name, a.attname) AS sequence
                    FROM unnest(ARRAY[\(Self.numbered.map { "'\($0)'" }.joined(separator: ", "))]) AS t(name)
                    JOIN pg_attribute a ON a.attrelid = t.name::regclass AND a.attidentity <> ''
                LOOP
                    EXECUTE format('SELECT max(%I) FROM %I', place.number, place.name) INTO highest;
                    IF highest IS NOT NULL THEN
                        EXECUTE format('SELECT setval(%L, greatest(last_value, %s)) FROM %s',
                            place.sequence, highest, place.sequence);
                    END IF;
                END LOOP;
            END $$;
            """)

    /// The tables that number their rows themselves.
    static let numbered = [
        "streams", "models", "dead_letters", "intervention_log", "webhook_deliveries", "audit_log",
    ]
}
