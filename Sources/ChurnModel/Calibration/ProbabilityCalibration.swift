import ChurnCore
import Crypto
import Foundation

/// Turns a booster's score into a calibrated probability, one score at a time.
///
/// Strictly rising, so that it never changes who is ranked before whom. Part of the bundle.
public struct ProbabilityCalibration: Codable, Hashable, Sendable {
    /// The curve `ln(p / (1 - p)) = low * ln(s) - high * ln(1 - s) + offset` of a score `s`.
    ///
    /// Platt's method has `low` equal to `high`.
    public struct Curve: Codable, Hashable, Sendable {
        /// How strongly low scores are spread.
        public var low: Double
        /// How strongly high scores are spread.
        public var high: Double
        /// What is added to the log-odds.
        public var offset: Double
    }

    /// A point of a broken line.
    public struct Knot: Codable, Hashable, Sendable {
        /// The booster's score.
        public var score: Double
        /// The probability there.
        public var probability: Double
    }

    /// Scores nearer to 0 or 1 than this count as this; single precision has none between it and 1.
    private static let margin = (low: 1e-30, high: 1 - 0x1p-25)

    /// How it was learned.
    public let method: CalibrationMethod
    /// The curve; nil for a broken line.
    public let curve: Curve?
    /// The broken line from score 0 to score 1; empty for a curve.
    public let knots: [Knot]
    /// From how many customers it was learned, each scored by a booster that had not seen them.
    public let rows: Int
    /// SHA-256 of method, curve and line.
    public let sha256: String

    init(method: CalibrationMethod, curve: Curve? = nil, knots: [Knot] = [], rows: Int) {
        self.method = method
        self.curve = curve
        self.knots = knots
        self.rows = rows
        self.sha256 = Self.digest(method, curve, knots)
    }

    /// The calibrated probability of a booster's score.
    ///
    /// A score that is not a probability stays what it is, for the caller to refuse.
    public func probability(of score: Float) -> Float {
        guard score >= 0, score <= 1 else { return score }
        if let curve = self.curve {
            let place = min(max(Double(score), Self.margin.low), Self.margin.high)
            let odds = curve.low * log(place) - curve.high * log1p(-place) + curve.offset
            return Float(1 / (1 + exp(-odds)))
        }
        guard !self.knots.isEmpty else { return score }
        return Float(self.onLine(Double(score)))
    }

    private func onLine(_ score: Double) -> Double {
        // The first knot that is not below the score, by halving; the line begins at 0 and ends at 1.
        var (start, end) = (1, self.knots.count - 1)
        while start < end {
            let middle = (start + end) / 2
            if self.knots[middle].score < score { start = middle + 1 } else { end = middle }
        }
        let (left, right) = (self.knots[start - 1], self.knots[start])
        let share = (score - left.score) / (right.score - left.score)
        return left.probability + (right.probability - left.probability) * share
    }

    /// What is wrong with it; nil where it may be used: finite, strictly rising, of a bounded size, as it was written.
    var fault: String? {
        guard self.sha256 == Self.digest(self.method, self.curve, self.knots) else {
            return "the calibration was altered (its SHA-256 differs); copy the bundle again"
        }
        switch (self.method, self.curve) {
        case (.none, nil) where self.knots.isEmpty: return nil
        case (.platt, let curve?) where self.knots.isEmpty, (.beta, let curve?) where self.knots.isEmpty:
            let isRising = curve.low >= 0 && curve.high >= 0 && curve.low + curve.high > 0
            guard isRising, (curve.low + curve.high).isFinite, curve.offset.isFinite else {
                return "the calibration's curve is not finite and rising; train again"
            }
            return nil
        case (.isotonic, nil):
            let steps = zip(self.knots, self.knots.dropFirst())
            guard (2...IsotonicLine.maximumKnots).contains(self.knots.count), self.knots[0].score == 0,
                self.knots[self.knots.count - 1].score == 1,
                self.knots.allSatisfy({ $0.probability >= 0 && $0.probability <= 1 }),
                steps.allSatisfy({ $0.score < $1.score && $0.probability < $1.probability })
            else { return "the calibration's line does not rise from score 0 to score 1; train again" }
            return nil
        default: return "the calibration holds something else than its method needs; train again"
        }
    }

    private static func digest(_ method: CalibrationMethod, _ curve: Curve?, _ knots: [Knot]) -> String {
        let numbers =
            (curve.map { [$0.low, $0.high, $0.offset] } ?? []) + knots.flatMap { [$0.score, $0.probability] }
        return SHA256.hex(of: ["calibration", method.rawValue] + numbers.map { String($0.bitPattern, radix: 16) })
    }
}
