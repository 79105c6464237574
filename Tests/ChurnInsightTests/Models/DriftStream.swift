import ChurnTesting
import Foundation

@testable import ChurnCore
@testable import ChurnInsight

/// A model's counts by hours and days, drawn from the shares of bins and not from rows.
struct DriftStream {
    /// The histograms of training, with shares that are exact.
    let distribution: TrainingDistribution
    private var random: SeededRandom
    private var hours: [ModelCounts] = []
    private var days: [ModelCounts] = []
    private static let version = "m"

    /// - Parameter bins: the number of bins of each column, the last column being the scores.
    init(bins: [Int], seed: UInt64, rows: Int64 = 20_000) {
        let columns = bins.enumerated().map { index, count in
            var histogram = Histogram(
                name: "column \(index)", type: "categorical", bounds: [], categories: (2..<count).map { "\($0)" })
            // Of shares that are not alike: the last but one is rare, and nothing is missing.
            let weights = (0..<count).map { $0 == count - 1 ? 0 : 1 / Double($0 % 10 + 1) }
            let sum = weights.reduce(0, +)
            histogram.counts = weights.map { Int64(($0 / sum * Double(rows)).rounded()) }
            return histogram
        }
        self.distribution = TrainingDistribution(
            rows: Int(rows), features: columns.dropLast(), scores: columns[columns.count - 1])
        self.random = SeededRandom(seed: seed)
    }

    /// Adds the events of an hour.
    ///
    /// - Parameters:
    ///   - events: the events of each customer.
    ///   - shift: the share of customers who are all in a column's first bin.
    mutating func add(_ hour: Int32, customers: Double, events: Int64 = 1, shift: Double = 0) {
        let histograms = self.distribution.features + [self.distribution.scores]
        for (index, histogram) in histograms.enumerated() {
            let total = Double(histogram.counts.reduce(0, +))
            let counts = histogram.counts.enumerated().map { bin, count in
                let share = Double(count) / total * (1 - shift) + (bin == 0 ? shift : 0)
                return self.poisson(share * customers) * events
            }
            let series = index == histograms.count - 1 ? CountSeries.scores : .feature(histogram.name)
            self.add(hour, series, counts)
        }
        let perBin = customers / Double(CustomerSketch.binCount)
        self.add(hour, .customers, (0..<CustomerSketch.binCount).map { _ in self.poisson(perBin) * events })
        self.hours.removeAll { $0.hour.map { $0 < hour - 30 } ?? true }
        self.days.removeAll { $0.day < hour / 24 - 30 }
    }

    private mutating func add(_ hour: Int32, _ series: CountSeries, _ counts: [Int64]) {
        let ofHour = ModelCounts(version: Self.version, hour: hour, series: series, counts: counts)
        self.hours.append(ofHour)
        if let index = self.days.firstIndex(where: { $0.day == ofHour.day && $0.series == series }) {
            self.days[index].counts = zip(self.days[index].counts, counts).map { $0 + $1 }
        } else {
            self.days.append(ModelCounts(version: Self.version, day: ofHour.day, series: series, counts: counts))
        }
    }

    /// The report at the end of an hour.
    func health(at hour: Int32) -> ModelHealth {
        let now = Timestamp(microseconds: Timestamp(hour: hour + 1).microseconds - 1)
        let windows = DriftWindows(self.distribution, thresholds: DriftThresholds()).assess(
            hours: self.hours, days: self.days, since: hour / 24 - 30, at: now)
        let quality = ModelHealth.Quality(outcomes: 0, positives: 0, auc: nil, brier: nil)
        let model = ModelHealth.Model(
            version: Self.version, role: .champion, scored: 1, quality: quality, calibrationError: nil,
            liftTopDecile: nil, calibration: [], byDay: [])
        return ModelHealth(
            models: [model], drift: nil, thresholds: DriftThresholds(), challenger: nil, windows: windows)
    }

    private mutating func poisson(_ mean: Double) -> Int64 {
        if mean > 40 {
            let radius = (-2 * log(1 - self.random.uniform())).squareRoot()
            let normal = radius * cos(2 * .pi * self.random.uniform())
            return max(0, Int64((mean + mean.squareRoot() * normal).rounded()))
        }
        var (product, count) = (self.random.uniform(), Int64(0))
        let limit = exp(-mean)
        while product > limit {
            product *= self.random.uniform()
            count += 1
        }
        return count
    }
}
