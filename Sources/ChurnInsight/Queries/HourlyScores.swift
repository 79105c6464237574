package import ChurnCore

/// Sums of scores by the hour in which they were recorded, from which a trend is read.
package struct HourlyScores: Sendable {
    /// The scores of one hour.
    package struct Hour: Hashable, Sendable {
        package var sum = 0.0
        package var scores = 0
    }

    /// The number of hours in a trend: the one that is running and those before it.
    static let hoursShown: Int64 = 24
    private static let microseconds: Int64 = 3_600_000_000

    /// By the number of whole hours since 1970.
    package private(set) var hours: [Int64: Hour] = [:]

    package init() {}

    /// The number of whole hours between 1970 and a point in time.
    package static func hour(of time: Timestamp) -> Int64 {
        let (quotient, remainder) = time.microseconds.quotientAndRemainder(dividingBy: Self.microseconds)
        return remainder < 0 ? quotient - 1 : quotient
    }

    /// Returns the start of an hour.
    package static func start(of hour: Int64) -> Timestamp { Timestamp(microseconds: hour * Self.microseconds) }

    package mutating func add(_ probability: Double, at time: Timestamp) {
        self.add(Hour(sum: probability, scores: 1), to: Self.hour(of: time))
    }

    mutating func add(_ scores: StoreChanges.Scores) {
        self.add(Hour(sum: scores.sum, scores: scores.count), to: Self.hour(of: scores.time))
    }

    mutating func add(_ more: Hour, to hour: Int64) {
        self.hours[hour, default: Hour()].sum += more.sum
        self.hours[hour, default: Hour()].scores += more.scores
        // An hour that no trend shows any more makes room; a clock that was set back does not lose the rest.
        if self.hours.count > 2 * Int(Self.hoursShown), let oldest = self.hours.keys.min() {
            self.hours[oldest] = nil
        }
    }

    /// Replaces what is known from an hour on.
    mutating func replace(from hour: Int64, with others: [Int64: Hour]) {
        self.hours = self.hours.filter { $0.key < hour }
        for (hour, sums) in others { self.add(sums, to: hour) }
    }

    /// The hour of `now` and the 23 before it, as far as something was scored in them, oldest first.
    package func trend(at now: Timestamp) -> [RiskSummary.TrendPoint] {
        let last = Self.hour(of: now)
        return self.hours.filter { $0.key <= last && $0.key > last - Self.hoursShown && $0.value.scores > 0 }
            .sorted { $0.key < $1.key }
            .map { hour, sums in
                RiskSummary.TrendPoint(
                    hour: Self.start(of: hour), meanProbability: sums.sum / Double(sums.scores), scores: sums.scores)
            }
    }
}
