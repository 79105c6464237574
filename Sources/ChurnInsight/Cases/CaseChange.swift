public import ChurnCore

/// One step taken about a case: an entry of its history.
public struct CaseChange: Hashable, Sendable {
    /// The case.
    public var caseID: Int64
    /// The case's version that the step led to; the first step leads to 1.
    public var version: Int64
    /// The status before; a snooze that was over counts as open.
    public var from: CaseStatus
    /// The status afterwards.
    public var to: CaseStatus
    /// The person who took the step.
    public var actor: String
    /// The time of the step.
    public var time: Timestamp
    /// The assignee afterwards.
    public var assignee: String?
    /// The end of the snooze.
    public var snoozedUntil: Timestamp?
    /// The outcome.
    public var outcome: String?
    /// The intervention that was the step, by its number; nil for any other step.
    public var interventionID: Int64?

    /// Creates an entry.
    public init(
        caseID: Int64, version: Int64, from: CaseStatus, to: CaseStatus, actor: String, time: Timestamp,
        assignee: String? = nil, snoozedUntil: Timestamp? = nil, outcome: String? = nil,
        interventionID: Int64? = nil
    ) {
        self.caseID = caseID
        self.version = version
        self.from = from
        self.to = to
        self.actor = actor
        self.time = time
        self.assignee = assignee
        self.snoozedUntil = snoozedUntil
        self.outcome = outcome
        self.interventionID = interventionID
    }

    /// The entry of a step that led from one handling to the next.
    public init(of caseID: Int64, from old: CaseHandling, to new: CaseHandling, by actor: String, at now: Timestamp) {
        self.init(
            caseID: caseID, version: new.version, from: old.status(at: now), to: new.status, actor: actor, time: now,
            assignee: new.assignee, snoozedUntil: new.snoozedUntil, outcome: new.outcome)
    }
}
