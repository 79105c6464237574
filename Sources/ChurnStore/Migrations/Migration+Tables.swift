extension Migration {
    // A stream's row holds its current epoch. Positions of earlier epochs stay: readers of updates may still be there.
    // batch_from and batch_previous were what the last batch was made for; they are gone with migration 31.
    static let streams = Migration(
        number: 1, name: "streams and their positions",
        sql: """
            CREATE TABLE streams (
                stream_id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
                pipeline text COLLATE "C" NOT NULL,
                cluster text COLLATE "C" NOT NULL,
                topic text COLLATE "C" NOT NULL,
                epoch int NOT NULL DEFAULT 0,
                UNIQUE (pipeline, cluster, topic)
            );
            CREATE TABLE stream_positions (
                stream_id int NOT NULL,
                epoch int NOT NULL,
                partition int NOT NULL,
                batch_from bigint NOT NULL,
                next_offset bigint NOT NULL,
                batch_previous bigint,
                last_update bigint,
                updated_at timestamptz NOT NULL DEFAULT now(),
                PRIMARY KEY (stream_id, epoch, partition)
            ) WITH (fillfactor = 50);
            """)

    // One physical row holds an event and its score; the contract's two tables are views of it. A row without an
    // event type is a score without an event, and its event_timestamp is when the customer was scored.
    // Fixed-width columns stand first, which saves padding. The time of writing has a BRIN index: it costs next to
    // nothing, and retention and trends ask for stretches of time.
    static let eventLog = Migration(
        number: 2, name: "the log of events and scores",
        sql: """
            CREATE TABLE models (
                model_id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
                version text NOT NULL UNIQUE,
                first_used_at timestamptz NOT NULL DEFAULT now()
            );
            CREATE TABLE event_numbers (
                is_only boolean PRIMARY KEY DEFAULT true CHECK (is_only),
                next_event_id bigint NOT NULL
            );
            INSERT INTO event_numbers (next_event_id) VALUES (1);
            CREATE TABLE event_log (
                event_id bigint PRIMARY KEY,
                stream_offset bigint,
                event_timestamp timestamptz NOT NULL,
                record_time timestamptz,
                recorded_at timestamptz NOT NULL DEFAULT now(),
                churn_probability double precision,
                customer_version bigint,
                stream_id int,
                epoch int,
                partition int,
                model_id int,
                is_alert boolean,
                became_at_risk boolean,
                user_id text COLLATE "C" NOT NULL,
                event_type text,
                source_event_id text,
                event_data jsonb
            );
            CREATE INDEX event_log_user ON event_log (user_id, event_id);
            CREATE INDEX event_log_recorded ON event_log USING brin (recorded_at) WITH (pages_per_range = 32);
            CREATE VIEW events AS
                SELECT event_id, user_id, event_type, event_timestamp, event_data, source_event_id,
                    stream_id, epoch, partition, stream_offset, record_time, recorded_at
                FROM event_log WHERE event_type IS NOT NULL;
            CREATE VIEW predictions AS
                SELECT l.event_id AS prediction_id, l.user_id, l.churn_probability,
                    CASE WHEN l.event_type IS NULL THEN l.event_timestamp ELSE l.recorded_at END
                        AS prediction_timestamp,
                    m.version AS model_version, l.customer_version, l.is_alert, l.became_at_risk, l.source_event_id,
                    CASE WHEN l.event_type IS NOT NULL THEN l.event_id END AS event_id,
                    l.stream_id, l.epoch, l.partition, l.stream_offset
                FROM event_log l LEFT JOIN models m USING (model_id) WHERE l.churn_probability IS NOT NULL;
            """)

    // A row for each partition and batch. The rows are written once, read soon and deleted whole. A block of 1,000
    // frames took 0.75 us a frame with lz4, 1.1 without compression and 4.2 with PostgreSQL's default, and lz4 leaves a
    // fifth of the log and the table; a server may be built without it.
    static let updateLog = Migration(
        number: 3, name: "the log of updates",
        sql: """
            CREATE TABLE update_log (
                last_number bigint NOT NULL,
                first_number bigint NOT NULL,
                previous_number bigint,
                written_at timestamptz NOT NULL DEFAULT now(),
                stream_id int NOT NULL,
                epoch int NOT NULL,
                partition int NOT NULL,
                numbers bigint[] NOT NULL,
                ends int[] NOT NULL,
                frames bytea NOT NULL,
                PRIMARY KEY (stream_id, epoch, partition, last_number)
            );
            ALTER TABLE update_log ALTER COLUMN frames SET STORAGE EXTERNAL;
            DO $$ BEGIN
                IF (SELECT 'lz4' = ANY(enumvals) FROM pg_settings WHERE name = 'default_toast_compression') THEN
                    ALTER TABLE update_log ALTER COLUMN frames SET STORAGE EXTENDED;
                    ALTER TABLE update_log ALTER COLUMN frames SET COMPRESSION lz4;
                END IF;
            END $$;
            ALTER TABLE update_log ALTER COLUMN numbers SET STORAGE EXTERNAL;
            ALTER TABLE update_log ALTER COLUMN ends SET STORAGE EXTERNAL;
            CREATE INDEX update_log_written ON update_log USING brin (written_at) WITH (pages_per_range = 8);
            """)

    static let deadLetters = Migration(
        number: 4, name: "dead letters",
        sql: """
            CREATE TABLE dead_letters (
                dead_letter_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
                stream_id int NOT NULL,
                epoch int NOT NULL,
                partition int NOT NULL,
                stream_offset bigint NOT NULL,
                record_time timestamptz NOT NULL,
                record_key bytea,
                record_value bytea,
                header_names text[] NOT NULL,
                header_values bytea[] NOT NULL,
                code text NOT NULL,
                reason text NOT NULL,
                attempts int NOT NULL DEFAULT 1,
                status text NOT NULL DEFAULT 'open' CHECK (status IN ('open', 'done')),
                created_at timestamptz NOT NULL DEFAULT now(),
                updated_at timestamptz NOT NULL DEFAULT now()
            );
            CREATE INDEX dead_letters_open ON dead_letters (dead_letter_id) WHERE status = 'open';
            """)

    static let deduplication = Migration(
        number: 5, name: "deduplication by the producers' event ids",
        sql: """
            CREATE TABLE event_dedup (
                user_id text COLLATE "C" NOT NULL,
                source_event_id text COLLATE "C" NOT NULL,
                accepted_at timestamptz NOT NULL,
                PRIMARY KEY (user_id, source_event_id)
            );
            CREATE INDEX event_dedup_accepted ON event_dedup USING brin (accepted_at) WITH (pages_per_range = 32);
            """)

    static let contractTables = Migration(
        number: 6, name: "interventions and the summary of reasons",
        sql: """
            CREATE TABLE intervention_log (
                log_id bigint GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY,
                customer_id text COLLATE "C" NOT NULL,
                action_taken text NOT NULL,
                log_timestamp timestamptz NOT NULL DEFAULT now(),
                agent_id text NOT NULL DEFAULT 'System'
            );
            CREATE INDEX intervention_log_customer ON intervention_log (customer_id, log_id);
            CREATE TABLE shap_summary (
                feature text PRIMARY KEY,
                importance double precision NOT NULL
            );
            """)

    static let exportProgress = Migration(
        number: 7, name: "how far exports have come",
        sql: """
            CREATE TABLE export_progress (
                pipeline text COLLATE "C" NOT NULL,
                export text COLLATE "C" NOT NULL,
                position text NOT NULL,
                updated_at timestamptz NOT NULL DEFAULT now(),
                PRIMARY KEY (pipeline, export)
            );
            """)
}
