public import ChurnCore

/// The standing of a case's customer now, by its latest score and its newest outcome.
public enum CaseStanding: String, CaseIterable, Hashable, Sendable {
    /// Its score has not fallen to where a risk ends.
    case atRisk = "at_risk"
    /// Its score is at or below the exit threshold.
    case recovered
    /// It has left.
    case left
}

/// The customer of a case as it is now, beside what it was when the case was raised.
public struct CaseCustomer: Hashable, Sendable {
    /// The latest score; nil where there is none.
    public var latest: LatestScore?
    /// The time at which the customer left; nil for one that did not.
    public var leftAt: Timestamp?
    /// Whether the latest score counts as at risk; see ``/ChurnCore/AlertPolicy/countsAtRisk(_:)``.
    public var isAtRisk: Bool
    /// Whether the latest score is at or below the exit threshold.
    public var hasRecovered: Bool
    /// Whether the alert policy still remembers a risk: then no event raises another case.
    public var isRemembered: Bool

    /// Creates the customer of a case from its state.
    public init(_ state: CustomerState, in domain: Domain) {
        self.init(latest: state.latest, leftAt: state.leftAt, isRemembered: state.alert.isAtRisk, in: domain)
    }

    package init(latest: LatestScore?, leftAt: Timestamp?, isRemembered: Bool, in domain: Domain) {
        self.latest = latest.map {
            LatestScore(probability: $0.probability, band: domain.bands.band(of: $0.probability), time: $0.time)
        }
        self.leftAt = leftAt
        self.isAtRisk = latest.map { domain.alerts.countsAtRisk($0.probability) } ?? false
        self.hasRecovered = latest.map { domain.alerts.hasRecovered($0.probability) } ?? false
        self.isRemembered = isRemembered
    }

    /// Returns where the customer stands: one that is to leave later has not left.
    public func standing(at now: Timestamp) -> CaseStanding {
        if let leftAt, leftAt <= now { return .left }
        return self.hasRecovered ? .recovered : .atRisk
    }
}
