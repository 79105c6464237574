import ChurnCore

/// The comparison of a challenger with a champion on the same events.
public struct ShadowCounts: Hashable, Sendable {
    /// The number of events that both have scored.
    public var scored: Int64 = 0
    /// The sum of the challenger's scores less the champion's, in millionths.
    public var difference: Int64 = 0
    /// The number of scores that fall into different bands.
    public var otherBand: Int64 = 0
    /// The number of events at which one would alert and the other would not.
    public var otherAlert: Int64 = 0
    /// The number of alerts that the champion raises.
    public var championAlerts: Int64 = 0
    /// The number of alerts that the challenger raises, in the champion's place at each event.
    public var challengerAlerts: Int64 = 0

    /// Creates empty counts.
    public init() {}

    /// Reads counts from their numbers; nil where there are too few.
    public init?(counts: [Int64]) {
        guard counts.count == 6 else { return nil }
        (self.scored, self.difference, self.otherBand) = (counts[0], counts[1], counts[2])
        (self.otherAlert, self.championAlerts, self.challengerAlerts) = (counts[3], counts[4], counts[5])
    }

    /// The counts as they are stored.
    public var counts: [Int64] {
        [
            self.scored, self.difference, self.otherBand, self.otherAlert, self.championAlerts, self.challengerAlerts,
        ]
    }

    /// Takes up one event.
    mutating func add(
        champion: Double, challenger: Double, alertBefore: AlertState, at time: Timestamp, in domain: Domain
    ) {
        func isAlert(_ probability: Double) -> Bool {
            var state = alertBefore
            return domain.alerts.decide(probability, &state, at: time).isAlert
        }
        let (theirs, ours) = (isAlert(challenger), isAlert(champion))
        self.scored += 1
        self.difference += Int64(((challenger - champion) * 1e6).rounded())
        self.otherBand += domain.bands.band(of: champion) == domain.bands.band(of: challenger) ? 0 : 1
        self.otherAlert += theirs == ours ? 0 : 1
        self.championAlerts += ours ? 1 : 0
        self.challengerAlerts += theirs ? 1 : 0
    }
}
