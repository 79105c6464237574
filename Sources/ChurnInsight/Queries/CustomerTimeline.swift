public import ChurnCore

/// One thing that happened to a customer.
public enum TimelineEntry: Hashable, Sendable {
    /// An event with its score.
    case event(RecentEvent)
    /// A score without an event: our number, when, and the probability.
    case score(eventID: Int64, time: Timestamp, probability: Double)
    /// An intervention of a person.
    case intervention(Intervention)
    /// A step about a case.
    case step(CaseChange)

    /// The entry's time.
    public var time: Timestamp {
        switch self {
        case .event(let event): event.time
        case .score(_, let time, _): time
        case .intervention(let intervention): intervention.time
        case .step(let change): change.time
        }
    }
}
