import ChurnCore
import ChurnInsight
import Testing

@testable import ChurnStore

/// The log of events is split by the hours that event numbers begin with.
@Suite("Partitions of the log of events", .enabled(if: TestDatabase.isThere, TestDatabase.absence))
struct EventPartitionTests {
    private static func batch(_ offsets: Range<Int64>, firstID: Int64) -> ScoredBatch {
        ScoredBatch(
            ranges: [Samples.range(offsets.lowerBound, offsets.upperBound)],
            events: offsets.map {
                Samples.scored(Samples.event("a", offset: $0), id: firstID + $0 - offsets.lowerBound)
            })
    }

    /// The number at which an hour begins, as many hours from now.
    private static func number(hoursFromNow hours: Int, _ database: TestDatabase) async throws -> Int64 {
        Int64(try await database.number("SELECT churn_event_hour(now()) AS n") + hours) * EventNumbers.inAnHour
    }

    /// In the first hour of a day the first partition reaches far enough, and has none behind it.
    private static func makeSecondPartition(_ database: TestDatabase) async throws {
        try await database.run(
            """
            DO $$ DECLARE reach bigint; BEGIN
                SELECT max(next_number) INTO reach FROM event_partitions;
                IF (SELECT count(*) FROM event_partitions) = 1 THEN
                    EXECUTE format('CREATE TABLE event_log_next PARTITION OF event_log FOR VALUES FROM (%s) TO (%s)',
                        reach, reach + 24 * \(EventNumbers.inAnHour));
                    INSERT INTO event_partitions VALUES ('event_log_next', reach, reach + 24 * \(EventNumbers.inAnHour));
                END IF;
            END $$
            """)
    }

    @Test("are there for the numbers that are drawn, with the hour in front, and for the hours to come")
    func drawn() async throws {
        try await TestDatabase.with { database in
            let store = try database.makeStore()
            let first = try await store.reserveEventIDs(1)
            #expect(try await first >= Self.number(hoursFromNow: 0, database))
            #expect(try await first < Self.number(hoursFromNow: 1, database))
            let reach = try await database.number("SELECT max(next_number) AS n FROM event_partitions")
            #expect(try await Int64(reach) >= Self.number(hoursFromNow: 24, database))
            await store.close()
        }
    }

    @Test(
        "hold what is written across their border, by COPY and row by row, and lists read them as one",
        arguments: [4, 60] as [Int64])
    func border(count: Int64) async throws {
        try await TestDatabase.with { database in
            let store = try database.makeStore()
            _ = try await store.importCustomers([Samples.customer("a")])
            _ = try await store.reserveEventIDs(1)
            try await Self.makeSecondPartition(database)
            let border = Int64(
                try await database.number(
                    "SELECT next_number AS n FROM event_partitions WHERE name = 'event_log_first'"))
            #expect(try await store.write(Self.batch(0..<count, firstID: border - count / 2)).isWritten)
            #expect(try await database.number("SELECT count(*) AS n FROM event_log_first") == count / 2)
            let newest = try await store.events(before: nil, limit: Int(count))
            #expect(newest.map(\.event.eventID) == Array((border - count / 2..<border + count / 2).reversed()))
            let customer = try await store.customer(id: "a", recentEvents: Int(count))
            #expect(customer?.recentEvents.map(\.eventID) == newest.map(\.event.eventID))
            #expect(try await store.write(Self.batch(count..<count + 1, firstID: border)).isConflicted)
            await store.close()
        }
    }

    @Test("are dropped whole once they are over for long enough, and the rest stays")
    func dropped() async throws {
        try await TestDatabase.with { database in
            let store = try database.makeStore()
            _ = try await store.importCustomers([Samples.customer("a")])
            // Two days of before, and one that nothing was written in.
            try await database.run(
                """
                DROP TABLE event_log_first; DELETE FROM event_partitions;
                INSERT INTO event_partitions SELECT 'event_log_day' || d,
                    (churn_event_hour(now()) - d * 24) * \(EventNumbers.inAnHour),
                    (churn_event_hour(now()) - d * 24 + 24) * \(EventNumbers.inAnHour) FROM unnest(ARRAY[5, 4, 2]) AS d;
                DO $$ DECLARE p record; BEGIN FOR p IN SELECT * FROM event_partitions LOOP
                    EXECUTE format('CREATE TABLE %I PARTITION OF event_log FOR VALUES FROM (%s) TO (%s)',
                        p.name, p.first_number, p.next_number);
                END LOOP; END $$
                """)
            for (place, days) in [5, 4, 2, 0].enumerated() {
                let first =
                    days == 0
                    ? try await store.reserveEventIDs(1) : try await Self.number(hoursFromNow: -24 * days, database)
                #expect(try await store.write(Self.batch(Int64(place)..<Int64(place) + 1, firstID: first)).isWritten)
            }
            let pruned = try await store.retention.prune(eventsOlderThan: database.hoursAgo(72))
            #expect(pruned.events >= 0)
            #expect(try await store.events(before: nil, limit: 10).count == 2)
            let now = try await Self.number(hoursFromNow: 0, database)
            let left = try await database.rows("SELECT name FROM event_partitions WHERE next_number <= \(now)")
            #expect(left == [["event_log_day2"]])
            #expect(try await store.retention.prune(eventsOlderThan: database.hoursAgo(72)).events == 0)
            await store.close()
        }
    }

    @Test("a table of before becomes the first of them, with its rows, privileges and views")
    func migrated() async throws {
        try await TestDatabase.with(isMigrated: false) { database in
            try await database.migrate(through: 24)
            try await database.run(
                """
                INSERT INTO event_log (event_id, event_timestamp, user_id, event_type, churn_probability)
                    SELECT g, now(), 'a', 'old', 0.5 FROM generate_series(1, 5) AS g;
                GRANT SELECT ON event_log TO PUBLIC; GRANT SELECT ON events TO PUBLIC
                """)
            try await database.migrate()
            let store = try database.makeStore()
            _ = try await store.importCustomers([Samples.customer("a")])
            #expect(try await store.write(Self.batch(0..<1, firstID: store.reserveEventIDs(1))).isWritten)
            #expect(try await database.number("SELECT count(*) AS n FROM events") == 6)
            #expect(try await database.number("SELECT count(*) AS n FROM predictions") == 6)
            for table in ["event_log", "events"] {
                let grants = try await database.number(
                    """
                    SELECT count(*) AS n FROM information_schema.role_table_grants WHERE grantee = 'PUBLIC'
                        AND privilege_type = 'SELECT' AND table_name = '\(table)' AND table_schema = current_schema()
                    """)
                #expect(grants == 1)
            }
            await store.close()
        }
    }
}
