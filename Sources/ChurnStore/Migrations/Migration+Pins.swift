extension Migration {
    // How many partitions a stream had when its first position was pinned: those above were added later and start at
    // their beginning. Streams of before the column have all their partitions stored.
    static let pins = Migration(
        number: 22, name: "how many partitions a stream had at first",
        sql: """
            ALTER TABLE streams ADD COLUMN partition_count int;
            UPDATE streams s SET partition_count = (SELECT max(p.partition) + 1 FROM stream_positions p
                WHERE p.stream_id = s.stream_id AND p.epoch = s.epoch);
            """)

    // The fence compares what is stored with what the batch brings along. The writer that was faster may be the same
    // process, in a COMMIT whose answer was lost, so the server's log says only what it knows.
    static let leanPositions = Migration(
        number: 31, name: "positions without what the last batch was made for",
        sql: """
            ALTER TABLE stream_positions DROP COLUMN batch_from, DROP COLUMN batch_previous;
            CREATE OR REPLACE FUNCTION churn_refuse(statement text) RETURNS boolean LANGUAGE plpgsql VOLATILE AS $$
            BEGIN
                RAISE EXCEPTION USING ERRCODE = 'UC001',
                    MESSAGE = 'batch refused: ' || statement || ' does not find the rows that it was made for',
                    HINT = 'The pipeline reads what is stored and goes on from there; nothing is lost.';
            END $$;
            """)
}
