import ChurnCore
import Foundation

/// A span of live scores that is compared with training.
public enum DriftWindow: String, Hashable, Sendable, CaseIterable {
    /// This hour; with the one before it while it has too few scores.
    case hour
    /// The last 24 hours.
    case day
    /// The last 30 days.
    case month

    /// The factor by which a distance must be larger than over a day to count.
    ///
    /// An hour of the night has other customers than training, which knows no hours: with twice the distance, an
    /// ordinary daily cycle is no drift, and what shifts altogether still is.
    public var tolerance: Double { self == .hour ? 2 : 1 }
}

/// Decides whether a distance from training is more than the chance of few customers.
///
/// Between samples of n and m customers from the same source, the population stability index is distributed as
/// (1/n + 1/m) times chi-square with one degree of freedom less than bins (Yurdakul and Naranjo, "Statistical properties
/// of the population stability index", Journal of Risk Model Validation 14(4), 2020), and chi-square exceeds
/// k + 2 sqrt(k x) + 2x with a probability of at most exp(-x) (Laurent and Massart, Annals of Statistics 28(5), 2000).
/// The Kolmogorov-Smirnov distance exceeds e with at most 2 exp(-2 e^2 n m / (n + m)) (Massart 1990; for two samples Wei
/// and Dudley 2012). The chance of one false alarm in a thousand days is divided evenly (Bonferroni) among all columns,
/// windows, both measures and a look in every minute. n is the effective number of customers, not that of their events.
struct DriftNoise: Sendable {
    /// The number of days in which chance may raise one alarm.
    static let daysPerFalseAlarm = 1_000.0
    private static let looksPerDay = 1_440.0

    /// The negative logarithm of the chance that one comparison is granted.
    private let exponent: Double

    init(columns: Int) {
        let comparisons = Self.looksPerDay * Double(DriftWindow.allCases.count) * 2 * Double(max(columns, 1))
        self.exponent = log(comparisons * Self.daysPerFalseAlarm)
    }

    /// Returns the greatest index that chance explains.
    func psi(bins: Int, live: Double, training: Double) -> Double {
        let freedom = Double(max(bins - 1, 1))
        let bound = freedom + 2 * (freedom * self.exponent).squareRoot() + 2 * self.exponent
        return bound * Self.spread(live, training)
    }

    /// Returns the greatest Kolmogorov-Smirnov distance that chance explains.
    func ks(live: Double, training: Double) -> Double {
        ((self.exponent + log(2)) / 2 * Self.spread(live, training)).squareRoot()
    }

    /// The index and the distance that chance gives in the mean; that of Kolmogorov's distribution is 0.8687.
    static func mean(bins: Int, live: Double, training: Double) -> (psi: Double, ks: Double) {
        let spread = Self.spread(live, training)
        return (Double(max(bins - 1, 1)) * spread, 0.8687 * spread.squareRoot())
    }

    private static func spread(_ live: Double, _ training: Double) -> Double {
        1 / max(live, 1) + 1 / max(training, 1)
    }
}

extension DriftThresholds {
    /// Once it is an alarm, a distance counts as over below this share of the alarm's, so that one that hovers about the
    /// threshold does not begin and end all day.
    static let release = 0.6

    /// Returns the status of a column over a window.
    ///
    /// - Parameters:
    ///   - rows: the number of live scores.
    ///   - customers: the effective number of customers behind them.
    func status(
        _ drift: Drift, of histogram: Histogram, over window: DriftWindow, rows: Int64, customers: Double,
        noise: DriftNoise
    ) -> DriftStatus {
        let training = Double(histogram.counts.reduce(0, +))
        var significant = drift
        if drift.psi < noise.psi(bins: histogram.counts.count, live: customers, training: training) {
            significant.psi = 0
        }
        if drift.ks.map({ $0 < noise.ks(live: customers, training: training) }) ?? false { significant.ks = 0 }
        var tolerant = self
        tolerant.psiWarning *= window.tolerance
        tolerant.psiAlarm *= window.tolerance
        tolerant.ksWarning *= window.tolerance
        tolerant.ksAlarm *= window.tolerance
        return tolerant.status(significant, rows: rows)
    }

    /// Returns whether a column's alarm is over as far as a window shows it: what the distance is beyond that of chance in
    /// the mean lies below the limit of release.
    func isOver(
        _ drift: Drift, of histogram: Histogram, over window: DriftWindow, customers: Double
    ) -> Bool {
        let factor = Self.release * window.tolerance
        let training = Double(histogram.counts.reduce(0, +))
        let (psi, ks) = DriftNoise.mean(bins: histogram.counts.count, live: customers, training: training)
        return drift.psi - psi < self.psiAlarm * factor && (drift.ks ?? 0) - ks < self.ksAlarm * factor
    }
}
