/// The explanation of a customer's score by a model.
public struct Explanation: Hashable, Sendable {
    /// The margin of a customer of whom nothing is known, in log-odds.
    public var baseMargin: Double
    /// The contribution of each feature, in the schema's order; a one-hot feature's columns are summed up.
    public var contributions: [Double]

    /// The margin of this customer: the log-odds of the score before any calibration.
    public var margin: Double { self.baseMargin + self.contributions.reduce(0, +) }

    /// Creates an explanation.
    public init(baseMargin: Double, contributions: [Double]) {
        self.baseMargin = baseMargin
        self.contributions = contributions
    }

    /// The features that moved the score, the strongest first; of equal ones the first in the schema.
    ///
    /// - Parameter limit: how many at most.
    public func reasons(limit: Int = .max) -> [Reason] { Reason.strongest(of: self.contributions, limit: limit) }
}

extension Reason {
    /// The features whose contribution is not 0, the strongest first.
    static func strongest(of contributions: [Double], limit: Int = .max) -> [Reason] {
        let reasons = contributions.enumerated().lazy.filter { $1 != 0 }
            .map { Reason(feature: $0, contribution: $1) }
        func precedes(_ a: Reason, _ b: Reason) -> Bool {
            (abs(b.contribution), a.feature) < (abs(a.contribution), b.feature)
        }
        guard limit < 8 else { return Array(reasons.sorted(by: precedes).prefix(limit)) }
        var best: [Reason] = []
        for reason in reasons {
            let place = best.firstIndex { precedes(reason, $0) } ?? best.count
            guard place < limit else { continue }
            best.insert(reason, at: place)
            if best.count > limit { best.removeLast() }
        }
        return best
    }
}
