import ChurnCore
import ChurnInsight
import Testing

@testable import ChurnStore

@Suite(.enabled(if: TestDatabase.isThere, TestDatabase.absence))
struct TableTests {
    @Test("events and predictions join on the stream position, and a score without an event is a prediction only")
    func views() async throws {
        try await TestDatabase.with { database in
            let store = try database.makeStore()
            _ = try await store.importCustomers([Samples.customer("a")])
            var duplicate = Samples.scored(Samples.event("a", offset: 1, source: "s"), id: 2)
            duplicate.prediction = nil
            let batch = ScoredBatch(
                ranges: [Samples.range(0, 2)],
                events: [Samples.scored(Samples.event("a", offset: 0, source: "s"), id: 1), duplicate],
                rescores: [Rescore(eventID: 3, prediction: Samples.prediction("a"), time: Samples.time)])
            #expect(try await store.write(batch).isWritten)
            let joined = try await database.rows(
                """
                SELECT e.event_id AS a, e.event_data->>'details' AS b, e.event_type AS c, p.churn_probability AS d,
                    p.model_version AS e, s.topic AS f
                FROM events e JOIN predictions p USING (stream_id, epoch, partition, stream_offset)
                JOIN streams s USING (stream_id)
                """)
            #expect(joined == [["1", "Switched", "contract_downgrade", "0.75", "test-model", "events"]])
            #expect(try await database.number("SELECT count(*) AS n FROM events") == 2)
            let predictions = try await database.rows(
                """
                SELECT prediction_id AS a, event_id AS b,
                    prediction_timestamp = to_timestamp(\(Samples.time.seconds)) AS c,
                    recorded_at > now() - interval '1 minute' AS d FROM predictions ORDER BY 1
                """)
            #expect(predictions == [["1", "1", "1", "1"], ["3", nil, "1", "1"]])
            let record = try #require(try await store.customer(id: "a", recentEvents: 9))
            #expect(record.recentEvents.map(\.eventID) == [2, 1])
            await store.close()
        }
    }

    @Test("a prediction's time in SQL is the one that the API shows: the record's, not the event's nor the writing's")
    func predictionTime() async throws {
        try await TestDatabase.with { database in
            let store = try database.makeStore()
            _ = try await store.importCustomers([Samples.customer("a")])
            let state = try #require(try await store.states(for: ["a"])["a"])
            var event = Samples.event("a", offset: 0)
            event.time = Samples.time.advanced(by: .seconds(-7_200))
            event.recordTime = Samples.time
            let batch = ScoredBatch(
                ranges: [Samples.range(0, 1)], events: [Samples.scored(event, id: 1)],
                changes: [Samples.change(of: state)])
            #expect(try await store.write(batch).isWritten)
            let shown = try #require(try await store.customer(id: "a", recentEvents: 0)?.state.latest?.time)
            #expect(shown == Samples.time)
            let times = try await database.number(
                "SELECT extract(epoch FROM prediction_timestamp)::int8 AS t FROM predictions")
            #expect(Int64(times) == shown.microseconds / 1_000_000)
            await store.close()
        }
    }

    @Test("another program's change of a feature raises the version; the same value, a score or our own write do not")
    func trigger() async throws {
        try await TestDatabase.with { database in
            let store = try database.makeStore()
            _ = try await store.importCustomers([Samples.customer("a", 1)])
            func version() async throws -> Int64? { try await store.states(for: ["a"])["a"]?.version }
            let steps: [(String, Int64)] = [
                ("tenure = 99", 1), ("tenure = 99", 0), ("tenure = NULL, gender = 'x'", 1), ("tenure = NULL", 0),
                ("churn_probability = 0.5", 0), ("totalcharges = totalcharges + 1", 1),
            ]
            for (step, rise) in steps {
                let before = try #require(try await version())
                try await database.run("UPDATE users SET \(step) WHERE customerid = 'a'")
                #expect(try await version() == before + rise, "\(step)")
            }
            let state = try #require(try await store.states(for: ["a"])["a"])
            _ = try await store.write(
                ScoredBatch(ranges: [Samples.range(0, 1)], changes: [Samples.change(of: state, to: 5)]))
            #expect(try await version() == state.version + 1)
            await store.close()
        }
    }

    @Test("pruning leaves a partition's newest stretch, and a reader behind it is notified of the gap")
    func pruning() async throws {
        try await TestDatabase.with { database in
            let store = try database.makeStore()
            for number in Int64(0)..<10 {
                let batch = ScoredBatch(
                    ranges: [Samples.range(number, number + 1)],
                    updates: [Samples.block([number], previous: number == 0 ? nil : number - 1)])
                #expect(try await store.write(batch).isWritten)
            }
            try await database.run(
                "UPDATE update_log SET written_at = now() - interval '2 days' WHERE last_number < 6")
            var retention = store.retention
            retention.chunk = 4
            let hourAgo = try await database.hoursAgo(1)
            #expect(try await retention.prune(updateLogOlderThan: hourAgo).updateBlocks == 6)
            let behind = try await store.updates(after: UpdateCursor(seen: [Samples.partition(): 2]), limit: 99)
            #expect(behind.gaps == [Samples.partition()])
            #expect(behind.blocks.map(\.numbers) == [[6], [7], [8], [9]])
            let ahead = try await store.updates(after: UpdateCursor(seen: [Samples.partition(): 5]), limit: 99)
            #expect(ahead.gaps.isEmpty && ahead.blocks.count == 4)
            try await database.run("UPDATE update_log SET written_at = now() - interval '2 days'")
            #expect(try await retention.prune(updateLogOlderThan: hourAgo).updateBlocks == 4)
            let all = try await store.updates(after: UpdateCursor(), limit: 99)
            #expect(all.gaps == [Samples.partition()] && all.blocks.isEmpty)
            #expect(try await store.end().seen == [Samples.partition(): 9])
            await store.close()
        }
    }

    @Test("old events and remembered ids are deleted in bounded chunks, and nothing younger")
    func retention() async throws {
        try await TestDatabase.with { database in
            let store = try database.makeStore()
            _ = try await store.importCustomers([Samples.customer("a")])
            let events = (0..<50).map {
                Samples.scored(Samples.event("a", offset: Int64($0), source: "s\($0)"), id: Int64($0) + 1)
            }
            #expect(try await store.write(ScoredBatch(ranges: [Samples.range(0, 50)], events: events)).isWritten)
            try await database.run(
                """
                UPDATE event_log SET recorded_at = now() - interval '2 days' WHERE event_id <= 30;
                UPDATE event_dedup SET accepted_at = now() - interval '2 days' WHERE source_event_id < 's20';
                """)
            let old = try await database.number("SELECT count(*) AS n FROM event_dedup WHERE source_event_id < 's20'")
            var retention = store.retention
            retention.chunk = 7
            let hourAgo = try await database.hoursAgo(1)
            let pruned = try await retention.prune(dedupOlderThan: hourAgo, eventsOlderThan: hourAgo)
            #expect(pruned == PrunedRows(updateBlocks: 0, eventKeys: old, events: 30))
            #expect(try await database.number("SELECT min(event_id) AS n FROM event_log") == 31)
            await store.close()
        }
    }

    @Test("an id that was accepted before the window may be used again, though it was not pruned")
    func window() async throws {
        try await TestDatabase.with { database in
            let store = try database.makeStore(window: .seconds(3600))
            _ = try await store.importCustomers([Samples.customer("a")])
            func write(_ offset: Int64) async throws -> WriteOutcome {
                let event = Samples.event("a", offset: offset, source: "s")
                return try await store.write(
                    ScoredBatch(
                        ranges: [Samples.range(offset, offset + 1)], events: [Samples.scored(event, id: offset + 1)]))
            }
            let key = SourceEventKey(customerID: "a", sourceEventID: "s")
            #expect(try await write(0).isWritten)
            #expect(try await write(1).isConflicted)
            #expect(try await store.accepted([key]) == [key])
            try await database.run("UPDATE event_dedup SET accepted_at = now() - interval '2 hours'")
            #expect(try await store.accepted([key]).isEmpty)
            #expect(try await write(1).isWritten)
            await store.close()
        }
    }

    @Test("event numbers of many processes are all different, in blocks of any size")
    func eventNumbers() async throws {
        try await TestDatabase.with { database in
            let stores = try (0..<3).map { _ in try database.makeStore() }
            let blocks = try await withThrowingTaskGroup(of: Range<Int64>.self) { group in
                for index in 0..<60 {
                    let count = [1, 3_000, 9_999, 25_000][index % 4]
                    group.addTask {
                        let first = try await stores[index % 3].reserveEventIDs(count)
                        return first..<(first + Int64(count))
                    }
                }
                return try await group.reduce(into: []) { $0.append($1) }
            }.sorted { $0.lowerBound < $1.lowerBound }
            #expect(zip(blocks, blocks.dropFirst()).allSatisfy { $0.upperBound <= $1.lowerBound })
            for store in stores { await store.close() }
        }
    }

    @Test("the statements of a batch look keys up in indexes, whatever the tables hold")
    func plans() async throws {
        try await TestDatabase.with { database in
            let store = try database.makeStore()
            _ = try await store.importCustomers((0..<2_000).map { Samples.customer("c\($0)", $0) })
            let customer = "'{c1,c2}'"
            func nulls(_ count: Int) -> String { Array(repeating: "NULL", count: count).joined(separator: ", ") }
            let calls: [(Statement, String)] = [
                (store.statements.readStates, customer), (store.statements.lockStates, customer),
                (
                    store.statements.changeCustomers,
                    "\(customer), \(nulls(1 + UsersTable.stateColumns.count + store.users.columns.count))"
                ),
                (store.statements.checkVersions, "\(customer), '{1,2}'"),
                (WriteStatements.fence, "'{1}', '{0}', '{0}', '{0}', '{1}', '{NULL}', '{NULL}'"),
                (WriteStatements.acceptedKeys, "'{a}', '{b}', 1"),
                (WriteStatements.finishDeadLetters, "'{1,2}'"),
            ]
            for analyze in [false, true] {
                if analyze { try await database.run("ANALYZE") }
                for (statement, arguments) in calls {
                    let lines = try await store.pool.withConnection("explain") { connection in
                        // Prepares the statement under its name, as a write does, without running it.
                        try connection.run(
                            "DEALLOCATE ALL; PREPARE planned AS \(statement.sql); SET enable_sort = on")
                        let rows = try connection.run(
                            Statement(name: "explain \(statement.name)", sql: "EXPLAIN EXECUTE planned(\(arguments))"))
                        let lines = (0..<rows.rowCount).map { rows.text($0, 0) }
                        connection.disconnect()
                        return lines
                    }
                    let plan = lines.joined(separator: "\n")
                    #expect(!plan.contains("Seq Scan on") && !plan.contains("Hash"), "\(statement.name): \(plan)")
                    #expect(plan.contains("Index"), "\(statement.name): \(plan)")
                    // Rows are locked in the order in which they were sent.
                    #expect(!plan.contains("Sort") || statement.name != "change_customers", "\(plan)")
                }
            }
            await store.close()
        }
    }
}

extension TestDatabase {
    func hoursAgo(_ hours: Int) async throws -> Timestamp {
        let now = try await self.number("SELECT (extract(epoch FROM now()) * 1000000)::int8 AS n")
        return Timestamp(microseconds: Int64(now - hours * 3_600_000_000))
    }
}
