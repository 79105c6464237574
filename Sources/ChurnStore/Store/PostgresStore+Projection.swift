import ChurnCore

extension PostgresStore: QueryStore {
    private static let portion = 10_000

    /// All customers at one moment; see ``QueryStore/snapshot(scoresSince:_:)``.
    ///
    /// The last portion is empty. All portions, the sums and the end of the updates are of one snapshot of the
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
            let hours = try HourSums(since: hour, until: now, on: connection)
            try connection.run("COMMIT")
            try hours.keepClosed(on: connection)
            // What is done with the last portion may take its time; the transaction does not wait for it.
            receive([])
            return StoreSnapshot(
                cursor: UpdateCursor(
                    seen: Dictionary(ends.map { ($0.partition, $0.last) }, uniquingKeysWith: { first, _ in first })),
                hours: hours.sums, time: now)
        }
    }

    /// What was written after a cursor; see ``QueryStore/changes(after:limit:)``.
    public func changes(after cursor: UpdateCursor, limit: Int) async throws -> StoreChanges {
        let (limit, pipeline) = (max(limit, 1), self.pipeline)
        return try await self.pool.withConnection("read changes") { connection in
            var changes = StoreChanges(customerIDs: [], scores: [], cursor: cursor, hasGap: false, hasMore: false)
            guard let blocks = try Self.blocks(.summed, after: cursor, limit: limit, of: pipeline, on: connection)
            else { return changes }
            let rows = blocks.rows
            changes.hasMore = rows.rowCount > limit
            var found: Set<StreamPartition> = []
            for row in 0..<min(rows.rowCount, limit) {
                let partition = blocks.behind[Int(rows.int32(row, 0))].partition
                // A block of an older version has no sums: what it holds is found by loading everything.
                let isSummed = !rows.isNull(row, 4)
                let follows = !found.insert(partition).inserted || !Self.isGap(rows, row, partition, after: cursor)
                if !isSummed || !follows { changes.hasGap = true }
                for id in rows.texts(row, 3) { changes.customerIDs.insert(id) }
                if isSummed, rows.int64(row, 5) > 0 {
                    changes.scores.append(
                        StoreChanges.Scores(
                            time: rows.timestamp(row, 6), sum: rows.double(row, 4), count: Int(rows.int64(row, 5))))
                }
                changes.cursor.seen[partition] = rows.int64(row, 2)
            }
            if !changes.hasMore, blocks.behind.contains(where: { !found.contains($0.partition) }) {
                changes.hasGap = true
            }
            return changes
        }
    }

    /// What a projection keeps of customers; see ``QueryStore/projectedCustomers(_:)``.
    public func projectedCustomers(_ ids: [String]) async throws -> [ProjectedCustomer] {
        let ids = ids.filter { !$0.utf8.contains(0) }
        guard !ids.isEmpty else { return [] }
        var parameters = ParameterBuffer(capacity: ids.count * 24)
        parameters.array(of: .text, ids) { $0.text($1) }
        let (sent, statements) = (parameters, self.projection)
        return try await self.pool.withConnection("read customers") { connection in
            statements.customers(in: try connection.run(statements.byID, sent))
        }
    }
}
