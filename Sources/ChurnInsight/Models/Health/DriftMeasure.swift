public import ChurnCore
import Foundation

/// The distances of live values from those of training that are allowed.
public struct DriftThresholds: Hashable, Sendable {
    /// From this population stability index on, a feature is worth a look.
    public var psiWarning = 0.1
    /// From this population stability index on, the model sees other customers than it learned from.
    public var psiAlarm = 0.25
    /// From this Kolmogorov-Smirnov distance on, a feature is worth a look.
    public var ksWarning = 0.1
    /// From this Kolmogorov-Smirnov distance on, the model sees other customers than it learned from.
    public var ksAlarm = 0.2
    /// Below this many live scores nothing is said: by chance alone the index of ten bins is about 9 in that number.
    public var minimumRows: Int64 = 500

    /// Creates the usual thresholds.
    ///
    /// Those of the index are Siddiqi's (Credit Risk Scorecards, 2006); those of the distance are ours.
    public init() {}

    /// Returns the status that the two measures give together.
    public func status(_ drift: Drift, rows: Int64) -> DriftStatus {
        if rows < self.minimumRows { return .insufficient }
        let distance = drift.ks ?? 0
        if drift.psi >= self.psiAlarm || distance >= self.ksAlarm { return .alarm }
        return drift.psi >= self.psiWarning || distance >= self.ksWarning ? .warning : .stable
    }
}

/// The assessment of a feature's drift.
public enum DriftStatus: String, Hashable, Sendable, CaseIterable {
    /// As in training.
    case stable
    /// Worth a look.
    case warning
    /// Not as in training.
    case alarm
    /// Too few live scores.
    case insufficient
}

/// The distance of live values from those of training.
public struct Drift: Hashable, Sendable {
    /// The population stability index.
    public var psi: Double
    /// The largest distance between the two distribution functions at the bins' bounds; nil for what has no order.
    public var ks: Double?

    /// Compares counts in the bins of one histogram.
    ///
    /// Half a customer is added to each bin, so that an empty one does not make the index infinite.
    ///
    /// - `customers`: the effective number of customers behind the live counts; nil where each count is one.
    public init(_ histogram: Histogram, live: [Int64], customers: Double? = nil) {
        let training = histogram.counts
        guard training.count == live.count, !live.isEmpty else {
            (self.psi, self.ks) = (0, nil)
            return
        }
        func shares(_ counts: [Int64], of customers: Double? = nil) -> [Double] {
            let rows = Double(counts.reduce(0, +))
            let half = customers.map { 0.5 * rows / max($0, 1) } ?? 0.5
            return counts.map { (Double($0) + half) / (rows + half * Double(counts.count)) }
        }
        self.psi = zip(shares(live, of: customers), shares(training)).reduce(0) {
            $0 + ($1.0 - $1.1) * log($1.0 / $1.1)
        }
        self.ks = nil
        let (known, expected) = (live.dropLast(), training.dropLast())
        let (count, total) = (known.reduce(0, +), expected.reduce(0, +))
        guard histogram.type == FeatureType.numeric.rawValue, count > 0, total > 0 else { return }
        var (distance, ours, theirs) = (0.0, 0.0, 0.0)
        for (seen, wanted) in zip(known, expected) {
            ours += Double(seen) / Double(count)
            theirs += Double(wanted) / Double(total)
            distance = max(distance, abs(ours - theirs))
        }
        self.ks = distance
    }
}
