public import ChurnCore
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
        /// The factor by which low scores are spread.
        public var low: Double
        /// The factor by which high scores are spread.
        public var high: Double
        /// The offset of the log-odds.
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

    /// The method by which it was learned.
    public let method: CalibrationMethod
    /// The curve; nil for a broken line alone.
    public let curve: Curve?
    /// The broken line from score 0 to score 1; empty for a curve alone.
    ///
    /// With a curve the probability is half-way between both, in log-odds.
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
        switch (self.curve, self.knots.isEmpty) {
        case (nil, true): return score
        case (nil, false): return Float(self.onLine(Double(score)))
        case (let curve?, true): return Float(Self.probability(ofOdds: Self.odds(score, on: curve)))
        case (let curve?, false):
            let line = self.onLine(Double(score))
            return Float(Self.probability(ofOdds: (Self.odds(score, on: curve) + log(line) - log1p(-line)) / 2))
        }
    }

    private static func odds(_ score: Float, on curve: Curve) -> Double {
        let place = min(max(Double(score), Self.margin.low), Self.margin.high)
        return curve.low * log(place) - curve.high * log1p(-place) + curve.offset
    }

    private static func probability(ofOdds odds: Double) -> Double { 1 / (1 + exp(-odds)) }

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

    /// The fault in it; nil where it may be used: finite, strictly rising, of a bounded size, as it was written.
    var fault: String? {
        guard self.sha256 == Self.digest(self.method, self.curve, self.knots) else {
            return "the calibration was altered (its SHA-256 differs); copy the bundle again"
        }
        let needs: (curve: Bool, line: Bool)
        switch self.method {
        case .none: needs = (false, false)
        case .platt, .beta: needs = (true, false)
        case .isotonic: needs = (false, true)
        case .blend: needs = (true, true)
        }
        guard needs == (self.curve != nil, !self.knots.isEmpty) else {
            return "the calibration holds something else than its method needs; train again"
        }
        if let curve = self.curve, !Self.isRising(curve) {
            return "the calibration's curve is not finite and rising; train again"
        }
        if needs.line, !Self.isRising(self.knots) {
            return "the calibration's line does not rise from score 0 to score 1; train again"
        }
        return nil
    }

    private static func isRising(_ curve: Curve) -> Bool {
        curve.low >= 0 && curve.high >= 0 && curve.low + curve.high > 0 && (curve.low + curve.high).isFinite
            && curve.offset.isFinite
    }

    private static func isRising(_ knots: [Knot]) -> Bool {
        guard (2...IsotonicLine.maximumKnots).contains(knots.count), let first = knots.first, let last = knots.last,
            first.score == 0, last.score == 1, first.probability > 0, last.probability < 1
        else { return false }
        return zip(knots, knots.dropFirst()).allSatisfy { $0.score < $1.score && $0.probability < $1.probability }
    }

    private static func digest(_ method: CalibrationMethod, _ curve: Curve?, _ knots: [Knot]) -> String {
        let numbers =
            (curve.map { [$0.low, $0.high, $0.offset] } ?? []) + knots.flatMap { [$0.score, $0.probability] }
        return SHA256.hex(of: ["calibration", method.rawValue] + numbers.map { String($0.bitPattern, radix: 16) })
    }
}
