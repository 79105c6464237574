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
        let (page, times) = try await self.timedUpdates(after: cursor, limit: limit)
        return StoreChanges(page, after: cursor) { times[$0] }
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
