import ChurnCore
import ChurnInsight
import ChurnTesting
import Foundation
import Testing

@testable import ChurnStore

@Suite("A projection of customers in PostgreSQL", .enabled(if: TestDatabase.isThere, TestDatabase.absence))
struct ProjectionFeedTests {
    /// Writes a score of a customer, with the frame that reports it.
    private func score(_ id: String, _ probability: Double, offset: Int64, in store: PostgresStore) async throws {
        let state = try #require(try await store.states(for: [id])[id])
        var next = state
        next.version += 1
        next.latest = LatestScore(
            probability: probability, band: RiskBands().band(of: probability), time: Samples.time)
        var prediction = Samples.prediction(id, version: next.version)
        prediction.probability = probability
        let eventID = try await store.reserveEventIDs(1)
        let event = Samples.event(id, offset: offset)
        // A frame that lies about the score: the store is believed.
        let frame = Array(#"{"type":"new_event","payload":{"user_id":"\#(id)","churn_probability":0.5}}"#.utf8)
        let outcome = try await store.write(
            ScoredBatch(
                ranges: [Samples.range(offset, offset + 1)],
                events: [ScoredEvent(eventID: eventID, event: event, prediction: prediction)],
                changes: [StateChange(state: next, readVersion: state.version, featuresChanged: false)],
                updates: [
                    UpdateBlock(
                        partition: Samples.partition(), previous: offset == 0 ? nil : offset - 1, numbers: [offset],
                        bytes: frame, ends: [frame.count])
                ]))
        #expect(outcome.isWritten)
    }

    private func with(_ body: @Sendable (TestDatabase, PostgresStore, CustomerProjectionFeed) async throws -> Void)
        async throws
    {
        try await TestDatabase.with { database in
            let store = try database.makeStore()
            _ = try await store.importCustomers(["a", "b", "c"].map { Samples.customer($0) })
            var configuration = CustomerProjectionFeed.Configuration()
            configuration.interval = .milliseconds(5)
            let feed = CustomerProjectionFeed(
                store: store, configuration: configuration, health: HealthBoard(), logger: TestDatabase.logger)
            try await feed.reload()
            let running = Task { try await feed.run() }  // ends with this test, below
            do {
                try await body(database, store, feed)
            } catch {
                running.cancel()
                throw error
            }
            running.cancel()
            _ = await running.result
            await store.close()
        }
    }

    private func eventually(_ holds: () async throws -> Bool) async throws -> Bool {
        for _ in 0..<1_000 {
            if try await holds() { return true }
            try await Task.sleep(for: .milliseconds(10))
        }
        return false
    }

    private static let scored = WatchlistQuery(bands: Set(RiskBand.allCases))

    @Test("follows the updates, believes the store and not the frame, and counts a score once")
    func follows() async throws {
        try await self.with { _, store, feed in
            try await self.score("a", 0.25, offset: 0, in: store)
            try await self.score("b", 0.875, offset: 1, in: store)
            try await self.score("a", 0.75, offset: 2, in: store)
            let now = Timestamp.systemNow()
            #expect(
                try await self.eventually {
                    try await feed.riskSummary(at: now).trend.reduce(0) { $0 + $1.scores } == 3
                })
            #expect(try await feed.watchlist(Self.scored).customers.map(\.id) == ["b", "a"])
            let summary = try await feed.riskSummary(at: now)
            #expect(summary.bands.filter { $0.value > 0 } == [.critical: 1, .high: 1])
            #expect(summary.trend.reduce(0) { $0 + $1.scores } == 3)
            try await feed.reload()
            #expect(try await feed.riskSummary(at: now).trend.reduce(0) { $0 + $1.scores } == 3)
        }
    }

    @Test("a long page of alerts whose store goes away is an error, and no shorter page")
    func lostStore() async throws {
        try await TestDatabase.with { database in
            let store = try database.makeStore()
            let feed = CustomerProjectionFeed(
                store: store, configuration: .ofShortPortions, health: HealthBoard(), logger: TestDatabase.logger)
            try await database.run(
                """
                INSERT INTO event_log (event_id, event_timestamp, churn_probability, user_id, event_type, event_data,
                    is_alert, became_at_risk)
                SELECT n, now(), 0.9, 'u', 'e', '{}', true, false FROM generate_series(1, 20) AS n
                """)
            try await feed.reload()
            #expect(try await feed.alerts(before: nil, limit: 100).count == 20)
            let seen = Locked<[Int]>([])
            let stopped = await #expect(throws: CancellationError.self) {
                try await feed.alerts(before: nil, limit: 100) { portion in
                    seen.withLock { $0.append(portion.count) }
                    if seen.withLock({ $0.count }) == 2 { throw CancellationError() }
                }
            }
            #expect(stopped != nil && seen.withLock { $0 } == [2, 2])
            await store.close()
            await #expect(throws: ChurnError.self) { _ = try await feed.alerts(before: nil, limit: 100) }
        }
    }

    @Test("sums up the blocks of an hour that is over once, for all nodes and starts, and of the running one each time")
    func keptHours() async throws {
        try await TestDatabase.with { database in
            let store = try database.makeStore()
            // The hour before last is over for good whatever the minute is.
            func add(_ number: Int) async throws {
                try await database.run(
                    """
                    INSERT INTO event_log (event_id, event_timestamp, recorded_at, churn_probability, user_id, event_type,
                        event_data)
                    SELECT \(number) + n, now(), now() - n * interval '2 hours', 0.25, 'u', 'e', '{}'
                    FROM generate_series(0, 1) AS n;
                    INSERT INTO update_log (stream_id, epoch, partition, first_number, last_number, written_at, frames,
                        frame_index, score_sum, scores)
                    SELECT 1, 0, 0, \(number) + n, \(number) + n, now() - n * interval '2 hours', '', '', 2.5, 10
                    FROM generate_series(0, 1) AS n
                    """)
            }
            func trend() async throws -> [Int] {
                let feed = CustomerProjectionFeed(store: store, health: HealthBoard(), logger: TestDatabase.logger)
                try await feed.reload()
                let now = Timestamp.systemNow()
                return try await feed.riskSummary(at: now).trend.map(\.scores)
            }
            try await add(1)
            #expect(try await trend() == [10, 10])
            try await add(11)
            #expect(try await trend() == [10, 20])
            await store.close()
        }
    }

    @Test("sums of hours that are not over are not believed, though a clock that was ahead had them kept")
    func hoursOfAClockThatWasAhead() async throws {
        try await TestDatabase.with { database in
            let store = try database.makeStore()
            try await database.run(
                """
                INSERT INTO update_log (stream_id, epoch, partition, first_number, last_number, written_at, frames,
                    frame_index, score_sum, scores) VALUES (1, 0, 0, 1, 1, now(), '', '', 2.5, 10);
                INSERT INTO score_hours (hour, score_sum, scores)
                SELECT date_trunc('hour', now(), 'UTC') + n * interval '1 hour', 1, 4 FROM generate_series(-2, 3) AS n;
                INSERT INTO risk_snapshots (hour, taken_at, customers, critical, high, medium, low, value_at_risk)
                SELECT hour, hour, 1, 1, 0, 0, 0, 1 FROM score_hours
                """)
            let feed = CustomerProjectionFeed(store: store, health: HealthBoard(), logger: TestDatabase.logger)
            try await feed.reload()
            let trend = try await feed.riskSummary(at: Timestamp.systemNow()).trend.map(\.scores)
            #expect(trend.last == 10 && trend.contains(4))
            #expect(
                try await database.number(
                    "SELECT count(*) AS n FROM score_hours WHERE hour >= date_trunc('hour', now(), 'UTC')") == 0)
            try await store.record(
                RiskSnapshot(time: .systemNow(), customers: 0, bands: [:], valueAtRisk: 0, meanProbability: nil))
            #expect(
                try await database.number(
                    "SELECT count(*) AS n FROM risk_snapshots WHERE taken_at > now() + interval '1 minute'") == 0)
            await store.close()
        }
    }

    @Test("that comes back after updates were pruned loads everything again")
    func gap() async throws {
        try await TestDatabase.with { database in
            let store = try database.makeStore()
            _ = try await store.importCustomers(["a", "b"].map { Samples.customer($0) })
            let feed = CustomerProjectionFeed(store: store, health: HealthBoard(), logger: TestDatabase.logger)
            try await feed.reload()
            try await self.score("a", 0.25, offset: 0, in: store)
            try await database.run("DELETE FROM update_log")
            try await self.score("b", 0.75, offset: 1, in: store)
            let running = Task { try await feed.run() }  // ends with this test, below
            let isThere = try await self.eventually {
                try await feed.watchlist(Self.scored).customers.map(\.id) == ["b", "a"]
            }
            running.cancel()
            _ = await running.result
            #expect(isThere)
            await store.close()
        }
    }

    @Test("lists of events and alerts read as many rows as they show, from an index")
    func plans() async throws {
        try await TestDatabase.with { database in
            try await database.run(
                """
                INSERT INTO event_log (event_id, event_timestamp, is_alert, user_id, event_type, event_data)
                SELECT n, now(), n % 50 = 0, 'u' || n, 'e', '{}' FROM generate_series(1, 20000) AS n;
                ANALYZE event_log;
                """)
            for (filter, index) in [
                ("is_alert", "event_log_first_alerts"), ("event_type IS NOT NULL", "event_log_first_pkey"),
            ] {
                let plan = try await database.pool.withConnection("explain") { connection in
                    let rows = try connection.run(
                        Statement(
                            name: "explain \(index)",
                            sql: """
                                EXPLAIN (FORMAT JSON) SELECT * FROM event_log WHERE \(filter) AND event_id < 19000
                                ORDER BY event_id DESC LIMIT 20
                                """))
                    return (0..<rows.rowCount).map { rows.text($0, 0) }.joined()
                }
                #expect(plan.contains(index), "\(plan)")
                #expect(!plan.contains("Sort"), "\(plan)")
            }
        }
    }
}
