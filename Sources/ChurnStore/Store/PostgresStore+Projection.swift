public import ChurnCore
public import ChurnInsight

extension PostgresStore: QueryStore {
    private static let portion = 10_000

    /// All customers at one moment; see ``/ChurnInsight/QueryStore/snapshot(scoresSince:_:)``.
    ///
    /// All portions, the sums and the end of the updates are of one snapshot of the
    /// database, so that what comes after the cursor is exactly what the snapshot has not.
    public func snapshot(
        scoresSince hour: Timestamp?, _ receive: @escaping @Sendable ([ProjectedCustomer]) -> Void
    ) async throws -> StoreSnapshot {
        let (pipeline, statements) = (self.pipeline, self.projection)
        return try await self.pool.withConnection("load customers") { connection in
            try connection.run("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
            // Compiling a plan costs more than each of these short statements gains by it.
            try connection.run("SET LOCAL jit = off")
            let ends = try Self.ends(of: pipeline, on: connection)
            let now = try connection.run(ProjectionStatements.now).timestamp(0, 0)
            var last = ""
            while true {
                try Task.checkCancellation()
                var parameters = ParameterBuffer()
                parameters.text(last)
                parameters.int64(Int64(Self.portion))
                let customers = statements.customers(in: try connection.run(statements.after, parameters))
                guard let end = customers.last else { break }
                receive(customers)
                last = end.id
            }
            let hours = try HourSums(since: hour, until: now, localTime: .systemNow(), on: connection)
            try connection.run("COMMIT")
            try connection.keepIfPossible { try hours.keepClosed(on: connection) }
            return StoreSnapshot(
                cursor: UpdateCursor(
                    seen: Dictionary(ends.map { ($0.partition, $0.last) }, uniquingKeysWith: { first, _ in first })
                ).withoutFinishedEpochs,
                hours: hours.sums, time: now)
        }
    }

    /// Returns the changes after a cursor; see ``/ChurnInsight/QueryStore/changes(after:limit:)``.
    public func changes(after cursor: UpdateCursor, limit: Int) async throws -> StoreChanges {
        let (pipeline, layout) = (self.pipeline, self.projection.layout)
        return try await self.pool.withConnection("read changes") { connection in
            var changes = StoreChanges(cursor: cursor)
            guard
                let blocks = try Self.blocks(
                    .summed, after: cursor, limit: limit, bytes: UpdatePage.defaultBytes, of: pipeline, on: connection)
            else { return changes }
            let rows = blocks.rows
            changes.hasMore = blocks.hasMore
            var found: Set<StreamPartition> = []
            for row in 0..<rows.rowCount {
                let partition = blocks.partition(row)
                let follows = !found.insert(partition).inserted || !Self.isGap(rows, row, partition, after: cursor)
                // A block of an older version, or of one that keeps something else of customers, says nothing of them:
                // what it holds is found by loading everything.
                let customers = rows.optional(row, 4, rows.bytes).flatMap(layout.decode)
                if customers == nil || !follows { changes.hasGap = true }
                changes.customers += customers ?? []
                if !rows.isNull(row, 5), rows.int64(row, 6) > 0 {
                    changes.scores.append(
                        StoreChanges.Scores(
                            time: rows.timestamp(row, 7), sum: rows.double(row, 5), count: Int(rows.int64(row, 6))))
                }
                changes.cursor.advance(partition, to: rows.int64(row, 3))
            }
            if !changes.hasMore, blocks.behind.contains(where: { !found.contains($0.partition) }) {
                changes.hasGap = true
            }
            return changes
        }
    }
}
