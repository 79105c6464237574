import ChurnCore
import ChurnInsight

/// The sums of the scores of the hours that a trend shows, as one snapshot of the database has them.
///
/// Hours that are over are summed up once and kept: a node that starts later reads their sums only.
struct HourSums: Sendable {
    private static let hoursShown: Int64 = 24
    private static let hour: Int64 = 3_600_000_000
    /// A transaction that began within an hour is over so long after its end.
    private static let openTransactions: Int64 = 600_000_000

    /// So much of an hour is summed up by one statement, which has a time limit: at 1,000 blocks a second, more than a
    /// server commits, that is 300,000 rows.
    private static let slice: Int64 = 300_000_000

    // Blocks, not the events in them; events have none where they are scores without one, which are few.
    private static let sumSlice = Statement(
        name: "sum_slice",
        sql: """
            SELECT coalesce(b.score_sum, 0) + coalesce(r.score_sum, 0), (coalesce(b.scores, 0) + r.scores)::int8
            FROM (SELECT sum(score_sum) AS score_sum, sum(scores) AS scores FROM update_log
                    WHERE written_at >= $1::timestamptz AND written_at < $2::timestamptz) AS b,
                (SELECT sum(churn_probability) AS score_sum, count(churn_probability) AS scores FROM event_log
                    WHERE event_type IS NULL AND recorded_at >= $1::timestamptz AND recorded_at < $2::timestamptz) AS r
            """)
    private static let keptHours = Statement(
        name: "kept_hours", sql: "SELECT hour, score_sum, scores FROM score_hours WHERE hour >= $1::timestamptz")
    // A clock of the database that was ahead for a while made them look over.
    private static let forgetOpenHours = Statement(
        name: "forget_open_hours", sql: "DELETE FROM score_hours WHERE hour > $1::timestamptz")
    private static let keepHour = Statement(
        name: "keep_hour",
        sql: """
            INSERT INTO score_hours (hour, score_sum, scores) VALUES ($1::timestamptz, $2::float8, $3::int8)
            ON CONFLICT (hour) DO NOTHING
            """)

    private(set) var sums: [StoreSnapshot.HourSum] = []
    /// Hours that are over and whose sums are not kept yet.
    private var closed: [StoreSnapshot.HourSum] = []
    /// The latest hour that is over.
    private let lastClosed: Timestamp

    /// Reads the sums from an hour on, nil for all that a trend shows.
    ///
    /// - Parameters:
    ///   - now: the database's clock.
    ///   - localTime: this machine's clock; an hour is over when it is by both.
    init(
        since: Timestamp?, until now: Timestamp, localTime: Timestamp, on connection: isolated PostgresConnection
    ) throws {
        let settled = min(now, localTime).microseconds - Self.openTransactions
        self.lastClosed = Timestamp(microseconds: (settled / Self.hour - 1) * Self.hour)
        let last = now.microseconds / Self.hour
        let first = max(since.map { $0.microseconds / Self.hour } ?? Int64.min, last - Self.hoursShown + 1)
        guard first <= last else { return }
        var parameters = ParameterBuffer()
        parameters.timestamp(Timestamp(microseconds: first * Self.hour))
        let rows = try connection.run(Self.keptHours, parameters)
        let kept = (0..<rows.rowCount).map { row in
            StoreSnapshot.HourSum(
                hour: rows.timestamp(row, 0), sum: rows.double(row, 1), scores: Int(rows.int64(row, 2)))
        }
        let known = Dictionary(kept.map { ($0.hour, $0) }, uniquingKeysWith: { first, _ in first })
        for hour in first...last {
            let start = Timestamp(microseconds: hour * Self.hour)
            if let sum = known[start], start <= self.lastClosed {
                self.sums.append(sum)
                continue
            }
            var sum = StoreSnapshot.HourSum(hour: start, sum: 0, scores: 0)
            for offset in stride(from: 0, to: Self.hour, by: Int(Self.slice)) {
                var parameters = ParameterBuffer()
                parameters.timestamp(Timestamp(microseconds: start.microseconds + offset))
                parameters.timestamp(Timestamp(microseconds: start.microseconds + offset + Self.slice))
                let rows = try connection.run(Self.sumSlice, parameters)
                sum.sum += rows.double(0, 0)
                sum.scores += Int(rows.int64(0, 1))
            }
            self.sums.append(sum)
            if start <= self.lastClosed { self.closed.append(sum) }
        }
    }

    /// Keeps the sums of hours that are over.
    func keepClosed(on connection: isolated PostgresConnection) throws {
        var last = ParameterBuffer()
        last.timestamp(self.lastClosed)
        _ = try connection.run(Self.forgetOpenHours, last)
        for sum in self.closed {
            var parameters = ParameterBuffer()
            parameters.timestamp(sum.hour)
            parameters.double(sum.sum)
            parameters.int64(Int64(sum.scores))
            _ = try connection.run(Self.keepHour, parameters)
        }
    }
}
