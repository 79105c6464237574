import ChurnCore
import ChurnInsight

/// The statements that read what a projection keeps of a customer.
struct ProjectionStatements: Sendable {
    let after: Statement
    let byID: Statement
    /// The layout of customers in blocks of updates.
    let layout: ProjectionLayout
    /// The statement for the columns that the domain shows of customers.
    let shownByID: Statement
    private let segment: UsersTable.Column
    private let kept: [UsersTable.Column]
    private let shown: [UsersTable.Column]

    static let now = Statement(name: "now", sql: "SELECT now()")

    init(users: UsersTable, domain: Domain) {
        let segment = users.columns[domain.segmentFeature]
        let value = domain.valueFeature.map { users.columns[$0].name.quoted + "::float8" } ?? "NULL::float8"
        let tenure = domain.tenureFeature.map { users.columns[$0].name.quoted + "::float8" } ?? "NULL::float8"
        let id = users.id.quoted
        let kept = ShownFeatures(domain).kept.map { users.columns[$0.feature] }
        let columns = """
            \(id), \(segment.name.quoted), \(value), churn_probability, churn_band, churn_scored_at,
                \(tenure), churn_version, churn_left_at, churn_last_event_at
            """ + kept.map { ", " + $0.name.quoted }.joined()
        self.segment = segment
        self.kept = kept
        self.shown = domain.updateFields.map { users.columns[$0.feature] }
        self.after = Statement(
            name: "projected_after",
            sql: "SELECT \(columns) FROM users WHERE \(id) > $1::text ORDER BY \(id) LIMIT $2::int8")
        self.byID = Statement(
            name: "projected_by_id", sql: "SELECT \(columns) FROM users WHERE \(id) = ANY($1::text[])")
        self.layout = ProjectionLayout(domain)
        let list = ([id] + self.shown.map(\.name.quoted)).joined(separator: ", ")
        self.shownByID = Statement(
            name: "shown_by_id", sql: "SELECT \(list) FROM users WHERE \(id) = ANY($1::text[])")
    }

    func customers(in rows: PostgresResult) -> [ProjectedCustomer] {
        (0..<rows.rowCount).map { row in
            var latest: LatestScore?
            if let probability = rows.optional(row, 3, rows.double), let time = rows.optional(row, 5, rows.timestamp),
                let band = rows.optional(row, 4, rows.text).flatMap(RiskBand.init(rawValue:))
            {
                latest = LatestScore(probability: probability, band: band, time: time)
            }
            return ProjectedCustomer(
                id: rows.text(row, 0), segment: self.segment.value(rows, row, 1).segmentName,
                value: rows.optional(row, 2, rows.double), tenure: rows.optional(row, 6, rows.double), latest: latest,
                kept: self.kept.enumerated().map { $1.value(rows, row, 10 + $0) },
                version: rows.int64(row, 7), leftAt: rows.optional(row, 8, rows.timestamp),
                lastEvent: rows.optional(row, 9, rows.timestamp))
        }
    }

    /// The values of the domain's update fields, by customer.
    func shown(in rows: PostgresResult) -> [CustomerKey: [FeatureValue]] {
        Dictionary(
            (0..<rows.rowCount).map { row in
                (CustomerKey(rows.text(row, 0)), self.shown.enumerated().map { $1.value(rows, row, 1 + $0) })
            }, uniquingKeysWith: { first, _ in first })
    }
}
