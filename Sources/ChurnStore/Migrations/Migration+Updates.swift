extension Migration {
    // The numbers, lengths and headers of a block's updates, and its customers as a projection keeps them, each in one
    // column of bytes. Blocks of before have numbers and ends instead and no headers: readers of updates understand both,
    // and a projection loads everything once.
    static let blockColumns = Migration(
        number: 26, name: "what readers look for in updates",
        sql: """
            ALTER TABLE update_log ADD COLUMN frame_index bytea, ADD COLUMN customer_states bytea;
            ALTER TABLE update_log ALTER COLUMN numbers DROP NOT NULL, ALTER COLUMN ends DROP NOT NULL;
            ALTER TABLE update_log ALTER COLUMN frame_index SET STORAGE EXTERNAL;
            ALTER TABLE update_log ALTER COLUMN customer_states SET STORAGE EXTERNAL;
            """)

    // The sums of an hour are those of its blocks, and of its scores without an event: the few that this index holds.
    static let rescored = Migration(
        number: 27, name: "scores without an event by their time",
        sql: """
            CREATE INDEX event_log_rescored ON event_log (recorded_at) INCLUDE (churn_probability)
                WHERE event_type IS NULL;
            """)

    // One process at a time does an export; what it holds runs out, so that another one goes on where it died.
    static let exportLeases = Migration(
        number: 28, name: "who exports",
        sql: """
            CREATE TABLE export_leases (
                pipeline text COLLATE "C" NOT NULL,
                export text COLLATE "C" NOT NULL,
                holder text NOT NULL,
                expires_at timestamptz NOT NULL,
                PRIMARY KEY (pipeline, export)
            );
            """)
}
