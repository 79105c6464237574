import ChurnCore
public import ChurnInsight
import Foundation

extension PostgresStore {
    private static let changedEvents = Statement(
        name: "changed_events",
        sql: PostgresStore.withChanges(
            PostgresStore.loggedColumns + """
                 WHERE user_id = $1::text AND previous_probability IS NOT NULL AND event_type IS NOT NULL
                ORDER BY event_id DESC LIMIT $2::int8
                """, order: "t.event_id DESC"))

    /// A statement of logged events with how each changed its customer's score.
    ///
    /// OFFSET 0 has PostgreSQL look changes up one by one; without it a plan may join whole tables.
    static func withChanges(_ events: String, order: String) -> String {
        """
        SELECT t.*, c.from_probability, c.to_margin, c.contributions, c.changed_features FROM (\(events)) AS t
        LEFT JOIN LATERAL (SELECT * FROM score_changes s WHERE s.event_id = t.event_id OFFSET 0) AS c ON true
        ORDER BY \(order)
        """
    }

    /// The events that moved a customer's score; see ``/ChurnInsight/CustomerQueries/scoreChanges(of:limit:)``.
    public func scoreChanges(of customerID: String, limit: Int) async throws -> [RecentEvent]? {
        guard !customerID.utf8.contains(0) else { return nil }
        var parameters = ParameterBuffer()
        parameters.text(customerID)
        parameters.int64(Int64(max(limit, 0)))
        let steps = [
            Step(statement: self.projection.byID, parameters: self.lockStep([customerID]).parameters),
            Step(statement: Self.changedEvents, parameters: parameters),
        ]
        return try await self.pool.withConnection("read changes of a score") { connection in
            let results = try connection.run(steps).map { try $0.get() }
            return results[0].rowCount == 1 ? self.changedEvents(in: results[1]) : nil
        }
    }

    /// Events of a statement ``withChanges(_:order:)``.
    func changedEvents(in rows: PostgresResult) -> [RecentEvent] {
        zip(0..<rows.rowCount, self.events(in: rows)).map { row, event in
            var event = event
            if let probability = event.probability, let from = rows.optional(row, 8, rows.double) {
                event.change = ScoreChange(
                    fromProbability: from, toProbability: probability, split: self.split(in: rows, row))
            }
            return event
        }
    }

    private func split(in rows: PostgresResult, _ row: Int) -> ScoreChange.Split? {
        guard let margin = rows.optional(row, 9, rows.double) else { return nil }
        let names = self.users.columns.map(\.name.name)
        let decoder = JSONDecoder()
        // What is stored is ours; a feature that the domain no longer has is left out.
        let byName =
            rows.optional(row, 10, rows.json).flatMap {
                try? decoder.decode([String: Double].self, from: Data($0))
            } ?? [:]
        let changed =
            rows.optional(row, 11, rows.json).flatMap {
                try? decoder.decode([String: [CodableFeature]].self, from: Data($0))
            } ?? [:]
        return ScoreChange.Split(
            toMargin: margin, contributions: names.map { byName[$0] ?? 0 },
            changed: names.enumerated().compactMap { index, name in
                guard let values = changed[name], values.count == 2 else { return nil }
                return ChangedFeature(feature: index, from: values[0].value, to: values[1].value)
            })
    }
}
