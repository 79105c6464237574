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
}
