import ChurnCore
public import ChurnInsight

extension PostgresStore: ModelRecords {
    private static let addCounts = Statement(
        name: "add_model_counts",
        sql: """
            INSERT INTO model_counts AS m (version, day, series, counts)
            VALUES ($1::text, date '1970-01-01' + $2::int4, $3::text, $4::int8[])
            ON CONFLICT (version, day, series) DO UPDATE SET counts = ARRAY(
                SELECT coalesce(s.old, 0) + coalesce(s.new, 0)
                FROM unnest(m.counts, excluded.counts) WITH ORDINALITY AS s (old, new, place) ORDER BY s.place)
            """)
    private static let addHourlyCounts = Statement(
        name: "add_model_hours",
        sql: """
            INSERT INTO model_hours AS m (version, hour, series, counts)
            VALUES ($1::text, $2::int4, $3::text, $4::int8[])
            ON CONFLICT (version, hour, series) DO UPDATE SET counts = ARRAY(
                SELECT coalesce(s.old, 0) + coalesce(s.new, 0)
                FROM unnest(m.counts, excluded.counts) WITH ORDINALITY AS s (old, new, place) ORDER BY s.place)
            """)
    private static let readCounts = Statement(
        name: "read_model_counts",
        sql: """
            SELECT version, day - date '1970-01-01', series, counts FROM model_counts
            WHERE day >= date '1970-01-01' + $1::int4 ORDER BY version, day, series
            """)
    private static let readHourlyCounts = Statement(
        name: "read_model_hours",
        sql: """
            SELECT hour, series, counts FROM model_hours WHERE version = $1::text AND hour >= $2::int4
            ORDER BY hour, series COLLATE "C"
            """)

    /// Adds counts and shadow scores; see ``/ChurnInsight/ModelRecords/add(_:shadow:)``.
    public func add(_ counts: [ModelCounts], shadow: [ShadowScore]) async throws {
        // In one order, so that two processes wait for each other and do not lock each other out.
        var steps = counts.sorted {
            ($0.version, $0.day, $0.hour ?? -1, $0.series.rawValue)
                < ($1.version, $1.day, $1.hour ?? -1, $1.series.rawValue)
        }
        .map { each in
            var parameters = ParameterBuffer()
            parameters.text(each.version)
            parameters.int32(each.hour ?? each.day)
            parameters.text(each.series.rawValue)
            parameters.array(of: .int64, each.counts) { $0.int64($1) }
            return Step(
                statement: each.hour == nil ? Self.addCounts : Self.addHourlyCounts, parameters: parameters)
        }
        steps += JudgementStatements.steps(shadow)
        guard !steps.isEmpty else { return }
        let sent = steps
        try await self.pool.withConnection("add what models did") { connection in
            try connection.transaction {
                for result in try connection.run(sent) { _ = try result.get() }
            }
        }
    }

    /// The counts of all models from a day on; see ``/ChurnInsight/ModelRecords/modelCounts(since:)``.
    public func modelCounts(since day: Int32) async throws -> [ModelCounts] {
        var parameters = ParameterBuffer()
        parameters.int32(day)
        let sent = parameters
        return try await self.pool.withConnection("read what models did") { connection in
            let rows = try connection.run(Self.readCounts, sent)
            return (0..<rows.rowCount).map { row in
                ModelCounts(
                    version: rows.text(row, 0), day: rows.int32(row, 1),
                    series: CountSeries(rawValue: rows.text(row, 2)),
                    counts: rows.integers(row, 3, as: Int64.self))
            }
        }
    }

    /// The counts of a model by hours; see ``/ChurnInsight/ModelRecords/hourlyCounts(of:since:)``.
    public func hourlyCounts(of version: String, since hour: Int32) async throws -> [ModelCounts] {
        var parameters = ParameterBuffer()
        parameters.text(version)
        parameters.int32(hour)
        let sent = parameters
        return try await self.pool.withConnection("read what a model did lately") { connection in
            let rows = try connection.run(Self.readHourlyCounts, sent)
            return (0..<rows.rowCount).map { row in
                ModelCounts(
                    version: version, hour: rows.int32(row, 0), series: CountSeries(rawValue: rows.text(row, 1)),
                    counts: rows.integers(row, 2, as: Int64.self))
            }
        }
    }
}
