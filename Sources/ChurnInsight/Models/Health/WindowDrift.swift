public import ChurnCore

/// The drift of the champion's customers over one window.
public struct WindowDrift: Hashable, Sendable {
    /// The window.
    public var window: DriftWindow
    /// Its beginning.
    public var since: Timestamp
    /// The number of live scores.
    public var rows: Int64
    /// The features in the schema's order, then the scores.
    public var columns: [ModelHealth.DriftLine]

    /// Creates a window's figures.
    public init(window: DriftWindow, since: Timestamp, rows: Int64, columns: [ModelHealth.DriftLine]) {
        self.window = window
        self.since = since
        self.rows = rows
        self.columns = columns
    }
}

/// Compares the counts of a model's windows with its training.
package struct DriftWindows: Sendable {
    private let distribution: TrainingDistribution
    private let thresholds: DriftThresholds
    private let noise: DriftNoise

    package init(_ distribution: TrainingDistribution, thresholds: DriftThresholds) {
        self.distribution = distribution
        self.thresholds = thresholds
        self.noise = DriftNoise(columns: distribution.features.count + 1)
    }

    /// Returns the windows that end at a time.
    ///
    /// - Parameters:
    ///   - hours: the model's counts by hours, of the last day at least.
    ///   - days: its counts by days, of which all count.
    package func assess(hours: [ModelCounts], days: [ModelCounts], since day: Int32, at now: Timestamp) -> [WindowDrift]
    {
        let hour = now.hour
        let ofDay = hours.filter { each in each.hour.map { $0 > hour - 24 && $0 <= hour } ?? false }
        let newest = Sums(ofDay.filter { $0.hour == hour })
        // Of an hour that has just begun there is too little to tell: the one before it is judged with it.
        let isReady = newest.rows >= self.thresholds.minimumRows && newest.inputs >= self.thresholds.minimumRows
        let last = isReady ? newest : Sums(ofDay.filter { $0.hour == hour || $0.hour == hour - 1 })
        return [
            self.drift(over: .hour, since: Timestamp(hour: isReady ? hour : hour - 1), last),
            self.drift(over: .day, since: Timestamp(hour: hour - 23), Sums(ofDay)),
            self.drift(over: .month, since: Timestamp(hour: day * 24), Sums(days)),
        ]
    }

    private func drift(over window: DriftWindow, since: Timestamp, _ sums: Sums) -> WindowDrift {
        let columns =
            self.distribution.features.map { (CountSeries.feature($0.name), $0) }
            + [(.scores, self.distribution.scores)]
        return WindowDrift(
            window: window, since: since, rows: sums.rows,
            columns: columns.map { series, histogram in self.line(histogram, sums, series, window) })
    }

    private func line(
        _ histogram: Histogram, _ sums: Sums, _ series: CountSeries, _ window: DriftWindow
    ) -> ModelHealth.DriftLine {
        // Counts of another length are those of another bundle under the same name.
        let live = sums.counts[series].flatMap { $0.count == histogram.counts.count ? $0 : nil } ?? []
        let rows = live.reduce(0, +)
        guard rows > 0 else {
            let none = Drift(histogram, live: [])
            return ModelHealth.DriftLine(name: histogram.name, drift: none, status: .insufficient)
        }
        let customers = min(Double(rows), sums.customers ?? Double(rows))
        let drift = Drift(histogram, live: live, customers: customers)
        var line = ModelHealth.DriftLine(
            name: histogram.name, drift: drift,
            status: self.thresholds.status(
                drift, of: histogram, over: window, rows: rows, customers: customers, noise: self.noise))
        line.isOver = self.thresholds.isOver(drift, of: histogram, over: window, customers: customers)
        return line
    }

    /// Counts of several hours or days, added up.
    private struct Sums {
        private(set) var counts: [CountSeries: [Int64]] = [:]

        init(_ counts: [ModelCounts]) {
            for each in counts {
                guard var sum = self.counts[each.series] else {
                    self.counts[each.series] = each.counts
                    continue
                }
                guard sum.count == each.counts.count else { continue }
                for (index, count) in each.counts.enumerated() { sum[index] &+= count }
                self.counts[each.series] = sum
            }
        }

        var rows: Int64 { self.counts[.scores]?.reduce(0, +) ?? 0 }
        var inputs: Int64 { self.counts[.customers]?.reduce(0, +) ?? 0 }
        var customers: Double? { self.counts[.customers].flatMap(CustomerSketch.effectiveCount) }
    }
}
