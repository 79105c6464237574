import ChurnCore
import Testing

@testable import ChurnStore

@Suite(.enabled(if: TestDatabase.isThere, TestDatabase.absence))
struct StatisticsRetentionTests {
    @Test("old figures and records of models are deleted in bounded chunks, and nothing younger or not asked for")
    func statistics() async throws {
        try await TestDatabase.with { database in
            let store = try database.makeStore()
            try await database.run(
                """
                INSERT INTO risk_snapshots (hour, taken_at, customers, critical, high, medium, low, value_at_risk)
                    SELECT h, h, 1, 0, 0, 0, 1, 0 FROM generate_series(
                        date_trunc('hour', now(), 'UTC') - interval '39 hours', now(), interval '1 hour') AS h;
                INSERT INTO score_hours (hour, score_sum, scores) SELECT hour, 1, 1 FROM risk_snapshots;
                INSERT INTO model_counts (version, day, series, counts) SELECT 'v', d, 'score', '{1}'
                    FROM generate_series((now() AT TIME ZONE 'UTC')::date - 39, now() AT TIME ZONE 'UTC', '1 day') AS d;
                INSERT INTO model_hours (version, hour, series, counts)
                    SELECT 'v', floor(extract(epoch FROM now()) / 3600) - 24 * n, 'score', '{1}'
                    FROM generate_series(0, 19) AS n;
                INSERT INTO drift_episodes (version, columns, drift_window, began_at, ended_at)
                    SELECT 'v', '{tenure}', 'day', day, CASE WHEN day < now() - interval '35 days' THEN day END
                    FROM model_counts;
                INSERT INTO shadow_scores (user_id, version, day, scored_at, churn_probability)
                    SELECT 'C' || n, 'v', day, day, 0.5 FROM model_counts, generate_series(1, 3) AS n;
                INSERT INTO outcomes (user_id, occurred_at, has_churned, recorded_at)
                    SELECT 'C', day, true, CASE WHEN n = 1 THEN day ELSE now() END
                    FROM (SELECT day, row_number() OVER (ORDER BY day) % 2 AS n FROM model_counts) AS days;
                """)
            var retention = store.retention
            retention.chunk = 4
            let untouched = try await retention.prune(eventsOlderThan: database.hoursAgo(0))
            #expect(untouched == PrunedRows())
            let figures = try await retention.prune(figuresOlderThan: database.hoursAgo(30))
            #expect(figures.hours == 18 && figures.outcomes == 0)
            #expect(try await database.number("SELECT count(*) AS n FROM risk_snapshots") == 31)
            #expect(try await database.number("SELECT count(*) AS n FROM score_hours") == 31)
            let records = try await retention.prune(modelRecordsOlderThan: database.hoursAgo(24 * 30))
            // The hours go after a week.
            #expect(records.modelCounts - 9 == 12 && records.shadowScores == 27)
            #expect(try await database.number("SELECT count(*) AS n FROM model_hours") == 8)
            // What lasts is not old.
            let episodes = try await database.number("SELECT count(*) AS n FROM drift_episodes")
            #expect(records.driftEpisodes == 40 - Int(episodes) && records.driftEpisodes > 0)
            #expect(try await database.number("SELECT count(*) AS n FROM drift_episodes WHERE ended_at IS NULL") > 30)
            #expect(try await database.number("SELECT count(*) AS n FROM model_counts") == 31)
            // Every second outcome was recorded only now, and stays.
            #expect(records.outcomes == 5)
            #expect(try await database.number("SELECT count(*) AS n FROM outcomes") == 35)
            await store.close()
        }
    }
}
