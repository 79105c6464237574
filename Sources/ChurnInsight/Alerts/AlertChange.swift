import ChurnCore

/// One step taken about an alert: an entry of its history.
public struct AlertChange: Hashable, Sendable {
    /// The alert.
    public var alertID: Int64
    /// The alert's version that the step led to; the first step leads to 1.
    public var version: Int64
    /// Where the alert stood before; a snooze that was over counts as open.
    public var from: AlertStatus
    /// Where it was put.
    public var to: AlertStatus
    /// Who took the step.
    public var actor: String
    /// When.
    public var time: Timestamp
    /// Who was to deal with the alert afterwards.
    public var assignee: String?
    /// Until when it was put off.
    public var snoozedUntil: Timestamp?
    /// How it ended.
    public var outcome: String?

    /// Creates an entry.
    public init(
        alertID: Int64, version: Int64, from: AlertStatus, to: AlertStatus, actor: String, time: Timestamp,
        assignee: String? = nil, snoozedUntil: Timestamp? = nil, outcome: String? = nil
    ) {
        self.alertID = alertID
        self.version = version
        self.from = from
        self.to = to
        self.actor = actor
        self.time = time
        self.assignee = assignee
        self.snoozedUntil = snoozedUntil
        self.outcome = outcome
    }

    /// The entry of a step that led from one handling to the next.
    public init(of alertID: Int64, from old: AlertHandling, to new: AlertHandling, by actor: String, at now: Timestamp)
    {
        self.init(
            alertID: alertID, version: new.version, from: old.status(at: now), to: new.status, actor: actor, time: now,
            assignee: new.assignee, snoozedUntil: new.snoozedUntil, outcome: new.outcome)
    }
}
