public import ChurnCore

/// The first reasons of recent alerts, counted: what drives them now, the same for whoever asks.
public struct TopReasons: Hashable, Sendable {
    /// A feature that was the first reason of alerts.
    public struct Feature: Hashable, Sendable {
        /// The feature's column.
        public var column: String
        /// The number of alerts whose strongest reason to leave it was.
        public var alerts: Int

        /// Creates a count.
        public init(column: String, alerts: Int) {
            self.column = column
            self.alerts = alerts
        }
    }

    /// The most alerts that are counted, the newest.
    package static let mostAlerts = 5_000

    /// The beginning of what was counted: that of the time that was asked for, or, where that had more alerts than are
    /// counted, the time at which the oldest of these was recorded.
    public var since: Timestamp
    /// The number of alerts that were counted, those without a reason too.
    public var alerts: Int
    /// Most alerts first, then by name.
    public var features: [Feature]

    /// Creates counts.
    public init(since: Timestamp, alerts: Int, features: [Feature]) {
        self.since = since
        self.alerts = alerts
        self.features = features
    }

    /// Counts the first reasons of alerts.
    ///
    /// - Parameter columns: the feature that raised each alert's score most, nil where none is known.
    package init(since: Timestamp, columns: [String?]) {
        var counts: [String: Int] = [:]
        for case let column? in columns { counts[column, default: 0] += 1 }
        self.init(
            since: since, alerts: columns.count,
            features: counts.map { Feature(column: $0, alerts: $1) }
                .sorted { ($1.alerts, $0.column) < ($0.alerts, $1.column) })
    }
}

extension Prediction {
    /// The column of the first of its reasons that raises the risk; nil where none is known.
    package func firstReason(_ columns: [String]) -> String? {
        self.reasons.first { $0.contribution > 0 && columns.indices.contains($0.feature) }.map { columns[$0.feature] }
    }
}
