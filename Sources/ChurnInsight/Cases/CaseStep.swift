public import ChurnCore

/// One thing that a person does about a case.
public enum CaseStep: Hashable, Sendable {
    /// Says that it was seen.
    case acknowledge
    /// Gives it to someone.
    case assign(to: String)
    /// Puts it off.
    case snooze(until: Timestamp)
    /// Ends it, and says how.
    case resolve(outcome: String)
    /// Begins again: open, given to no one, without an outcome.
    case reopen
}

extension CaseHandling {
    /// Returns the handling after an intervention was logged: an open case is acknowledged by it, any other stands as it
    /// did; nil for a resolved one, which stays as it is.
    package func acting(by actor: String, at now: Timestamp) -> CaseHandling? {
        let status = self.status(at: now)
        guard status != .resolved else { return nil }
        var next = self
        next.status = status == .open ? .acknowledged : status
        if status == .open { next.snoozedUntil = nil }
        (next.changedBy, next.changedAt, next.version) = (actor, now, self.version + 1)
        return next
    }

    /// Returns the handling after a step; nil where the step makes no sense.
    ///
    /// A resolved case can only be reopened, and an open one cannot be. Everything else may follow everything.
    ///
    /// - Parameters:
    ///   - step: what is done.
    ///   - actor: who does it.
    ///   - now: when.
    public func taking(_ step: CaseStep, by actor: String, at now: Timestamp) -> CaseHandling? {
        let status = self.status(at: now)
        if case .reopen = step {
            if status == .open { return nil }
        } else if status == .resolved {
            return nil
        }
        var next = CaseHandling(
            assignee: self.assignee, changedBy: actor, changedAt: now, version: self.version + 1)
        switch step {
        case .acknowledge: next.status = .acknowledged
        case .assign(let assignee):
            next.status = .assigned
            next.assignee = assignee
        case .snooze(let time):
            next.status = .snoozed
            next.snoozedUntil = time
        case .resolve(let outcome):
            next.status = .resolved
            next.outcome = outcome
        case .reopen: next.assignee = nil
        }
        return next
    }
}
