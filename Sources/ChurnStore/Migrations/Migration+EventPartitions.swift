extension Migration {
    // The log of events is split by event numbers, which begin with the hour in which they were drawn: so it is split by
    // the time of writing, with the number alone as the key. A partition holds whole hours, and retention drops it whole.
    // The table of before becomes the first partition as it is; whatever reads event_log goes on.
    static let eventPartitions = Migration(
        number: 25, name: "the log of events in partitions of time",
        sql: """
            CREATE FUNCTION churn_event_hour(moment timestamptz) RETURNS bigint LANGUAGE sql IMMUTABLE AS $$
                SELECT floor(extract(epoch FROM moment) / 3600)::bigint - \(EventNumbers.firstHour)
            $$;
            CREATE TABLE event_partitions (
                name text PRIMARY KEY,
                first_number bigint,
                next_number bigint NOT NULL UNIQUE
            );

            ALTER TABLE event_log RENAME TO event_log_first;
            ALTER INDEX event_log_pkey RENAME TO event_log_first_pkey;
            ALTER INDEX event_log_user RENAME TO event_log_first_user;
            ALTER INDEX event_log_recorded RENAME TO event_log_first_recorded;
            ALTER INDEX event_log_alerts RENAME TO event_log_first_alerts;
            ALTER INDEX event_log_risk_score RENAME TO event_log_first_risk_score;
            ALTER INDEX event_log_open RENAME TO event_log_first_open;
            CREATE TABLE event_log (LIKE event_log_first INCLUDING DEFAULTS, PRIMARY KEY (event_id))
                PARTITION BY RANGE (event_id);
            CREATE INDEX event_log_user ON event_log (user_id, event_id);
            CREATE INDEX event_log_recorded ON event_log USING brin (recorded_at) WITH (pages_per_range = 32);
            CREATE INDEX event_log_alerts ON event_log (event_id) WHERE is_alert;
            CREATE INDEX event_log_risk_score ON event_log (churn_probability) WHERE became_at_risk;
            CREATE INDEX event_log_open ON event_log (event_id) WHERE became_at_risk AND is_taken IS NULL;
            DO $$
            DECLARE
                reach bigint := (churn_event_hour(now()) / 24 + 1) * 24 * \(EventNumbers.inAnHour);
                view record;
                privilege record;
            BEGIN
                EXECUTE format('ALTER TABLE event_log ATTACH PARTITION event_log_first FOR VALUES FROM (MINVALUE) TO (%s)',
                    reach);
                INSERT INTO event_partitions VALUES ('event_log_first', NULL, reach);
                FOR view IN SELECT c.relname AS name, replace(pg_get_viewdef(c.oid), 'event_log_first', 'event_log') AS text
                    FROM pg_class c WHERE c.relkind = 'v' AND c.relnamespace = current_schema()::regnamespace
                        AND c.relname IN ('events', 'predictions', 'score_changes')
                LOOP
                    EXECUTE format('CREATE OR REPLACE VIEW %I AS %s', view.name, view.text);
                END LOOP;
                FOR privilege IN SELECT (aclexplode(relacl)).* FROM pg_class WHERE oid = 'event_log_first'::regclass LOOP
                    EXECUTE format('GRANT %s ON event_log TO %s', privilege.privilege_type,
                        CASE privilege.grantee WHEN 0 THEN 'PUBLIC' ELSE privilege.grantee::regrole::text END);
                END LOOP;
            END $$;

            -- Makes partitions for at least `step` hours to come; returns the number at which the last one ends.
            CREATE FUNCTION churn_make_event_partitions(step int) RETURNS bigint LANGUAGE plpgsql VOLATILE
            SECURITY DEFINER SET search_path FROM CURRENT AS $$
            DECLARE
                hour bigint := churn_event_hour(now());
                start bigint;
                reach bigint;
                name text;
            BEGIN
                SELECT max(next_number) INTO reach FROM event_partitions;
                IF reach >= (hour + step) * \(EventNumbers.inAnHour) THEN RETURN reach; END IF;
                PERFORM pg_advisory_xact_lock(hashtext('churn_event_partitions'));
                SELECT max(next_number) INTO reach FROM event_partitions;
                WHILE reach < (hour + 2 * step) * \(EventNumbers.inAnHour) LOOP
                    -- Hours in which nothing was written have no partition.
                    start := greatest(reach, (hour - hour % step) * \(EventNumbers.inAnHour));
                    reach := (start / \(EventNumbers.inAnHour) / step + 1) * step * \(EventNumbers.inAnHour);
                    name := 'event_log_' || to_char(to_timestamp((start / \(EventNumbers.inAnHour)
                        + \(EventNumbers.firstHour)) * 3600) AT TIME ZONE 'UTC', 'YYYYMMDD"t"HH24');
                    EXECUTE format('CREATE TABLE %I PARTITION OF event_log FOR VALUES FROM (%s) TO (%s)',
                        name, start, reach);
                    INSERT INTO event_partitions VALUES (name, start, reach);
                END LOOP;
                RETURN reach;
            END $$;

            -- Drops the oldest partition that was over before a point in time; returns about how many rows it held, NULL
            -- where there is none. Gives up soon where it is being read: every other statement waits behind it.
            CREATE FUNCTION churn_drop_event_partition(before timestamptz) RETURNS bigint LANGUAGE plpgsql VOLATILE
            SECURITY DEFINER SET search_path FROM CURRENT SET lock_timeout = '500ms' AS $$
            DECLARE
                oldest text;
                held bigint;
            BEGIN
                PERFORM pg_advisory_xact_lock(hashtext('churn_event_partitions'));
                SELECT name INTO oldest FROM event_partitions
                    WHERE next_number <= churn_event_hour(least(before, now())) * \(EventNumbers.inAnHour)
                    ORDER BY next_number LIMIT 1;
                IF NOT FOUND THEN RETURN NULL; END IF;
                SELECT n_live_tup INTO held FROM pg_stat_all_tables WHERE relid = oldest::regclass;
                EXECUTE format('DROP TABLE %I', oldest);
                DELETE FROM event_partitions WHERE name = oldest;
                RETURN coalesce(held, 0);
            END $$;
            """)
}
