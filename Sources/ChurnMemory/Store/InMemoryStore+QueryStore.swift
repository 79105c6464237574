public import ChurnCore
public import ChurnInsight

extension InMemoryStore: QueryStore {
    /// All customers at one moment; see ``/ChurnInsight/QueryStore/snapshot(scoresSince:_:)``.
    public func snapshot(
        scoresSince hour: Timestamp?, _ receive: @escaping @Sendable ([ProjectedCustomer]) -> Void
    ) async throws -> StoreSnapshot {
        let (now, layout) = (self.now(), ProjectionLayout(self.domain))
        let (customers, snapshot) = self.tables.withLock { tables in
            let customers = tables.customers.values.map { layout.projected($0.state) }
            let hours = tables.hourly.hours.map {
                StoreSnapshot.HourSum(hour: HourlyScores.start(of: $0), sum: $1.sum, scores: $1.scores)
            }
            return (customers, StoreSnapshot(cursor: tables.updates.end.withoutFinishedEpochs, hours: hours, time: now))
        }
        receive(customers.sorted { $0.id.utf8.lexicographicallyPrecedes($1.id.utf8) })
        var result = snapshot
        if let hour { result.hours.removeAll { $0.hour < hour } }
        return result
    }

    /// Returns the changes after a cursor; see ``/ChurnInsight/QueryStore/changes(after:limit:)``.
    ///
    /// Customers are as they are now. The log keeps no times: what is new counts as recorded now.
    public func changes(after cursor: UpdateCursor, limit: Int) async throws -> StoreChanges {
        let (now, layout) = (self.now(), ProjectionLayout(self.domain))
        return self.tables.withLock { tables in
            let (page, scores) = tables.updates.pageWithScores(
                after: cursor, limit: max(1, limit), bytes: UpdatePage.defaultBytes)
            var changes = StoreChanges(cursor: cursor, hasGap: !page.gaps.isEmpty, hasMore: page.hasMore)
            for (block, scores) in zip(page.blocks, scores) {
                changes.cursor.advance(past: block)
                changes.customers += scores.customers.compactMap { tables.customers[$0.id].map(\.state) }
                    .map(layout.projected)
                if scores.count > 0 {
                    changes.scores.append(StoreChanges.Scores(time: now, sum: scores.sum, count: scores.count))
                }
            }
            return changes
        }
    }

    /// The newest alerts without their customers; see ``/ChurnInsight/QueryStore/alertEvents(before:limit:portion:_:)``.
    public func alertEvents(
        before eventID: Int64?, limit: Int, portion: Int, _ receive: @escaping @Sendable (LoggedAlerts) -> Void
    ) async throws {
        let (domain, portion) = (self.domain, max(portion, 1))
        let alerts = self.tables.withLock { tables in
            tables.newestAlerts.page(before: eventID, limit: limit).map { LoggedAlert($0, of: nil, in: domain) }
        }
        for start in stride(from: 0, to: alerts.count, by: portion) {
            receive(LoggedAlerts(Array(alerts[start..<min(start + portion, alerts.count)])))
        }
    }
}
