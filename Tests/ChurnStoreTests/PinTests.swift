import ChurnCore
import Testing

@testable import ChurnStore

@Suite("First positions in PostgreSQL", .enabled(if: TestDatabase.isThere, TestDatabase.absence))
struct PinTests {
    private static let stream = StreamIdentity(name: StreamName(cluster: "c", topic: "t"))

    @Test("a first position is durable where commits are not")
    func durable() async throws {
        try await TestDatabase.with(change: { $0.durability = .asynchronous }) { database in
            try await database.run(
                """
                CREATE TABLE seen (setting text);
                CREATE FUNCTION see() RETURNS trigger LANGUAGE plpgsql AS $$
                BEGIN
                    INSERT INTO seen VALUES (current_setting('synchronous_commit'));
                    RETURN NEW;
                END $$;
                CREATE TRIGGER see BEFORE INSERT ON stream_positions FOR EACH ROW EXECUTE FUNCTION see();
                """)
            let store = try database.makeStore()
            _ = try await store.pin([0: 5], of: Self.stream, partitionCount: 1)
            #expect(try await database.rows("SELECT setting FROM seen").map { $0[0] } == ["on"])
            await store.close()
        }
    }

    @Test("pins and resets of one stream at once all end, each in the epoch that it found")
    func besideResets() async throws {
        try await TestDatabase.with { database in
            let store = try database.makeStore()
            try await withThrowingTaskGroup(of: Void.self) { group in
                for task in 0..<4 {
                    group.addTask {
                        for round in 0..<15 {
                            if task == 0 {
                                _ = try await store.offsets.reset(stream: Self.stream.name, to: [0: Int64(round)])
                                continue
                            }
                            let now = try await store.positions(of: Self.stream.name, partitions: []).stream
                            _ = try await store.pin([0: 1, 1: 2, 2: 3], of: now, partitionCount: 3)
                        }
                    }
                }
                try await group.waitForAll()
            }
            let last = try await store.pin(
                [1: 9], of: StreamIdentity(name: Self.stream.name, epoch: 15), partitionCount: 8)
            #expect(last.stored[1] != nil && last.stream.epoch == 15)
            // Of a reset to partition 0 alone.
            #expect(last.partitionCount == 1)
            await store.close()
        }
    }

    @Test("streams of before have the partitions that are stored in their epoch")
    func migrated() async throws {
        try await TestDatabase.with { database in
            try await database.run(
                """
                ALTER TABLE streams DROP COLUMN partition_count;
                DELETE FROM churn_migrations WHERE name = 'how many partitions a stream had at first';
                INSERT INTO streams (pipeline, cluster, topic, epoch)
                VALUES ('p', 'c', 'stored', 1), ('p', 'c', 'unread', 0);
                INSERT INTO stream_positions (stream_id, epoch, partition, next_offset)
                SELECT stream_id, e, n, 0 FROM streams, (VALUES (0, 7), (1, 0), (1, 3)) AS p(e, n)
                WHERE topic = 'stored';
                """)
            #expect(try await database.migrate().count == 1)
            let counts = try await database.rows(
                "SELECT concat(topic, ' ', partition_count) AS line FROM streams ORDER BY topic")
            #expect(counts.map { $0[0] } == ["stored 4", "unread "])
        }
    }
}
