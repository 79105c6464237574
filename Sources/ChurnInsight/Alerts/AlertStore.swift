import ChurnCore

/// A query for alerts.
public struct AlertQuery: Hashable, Sendable {
    /// Only alerts that stand so now; empty for all.
    public var statuses: Set<AlertStatus>
    /// Only alerts in these bands; empty for all.
    public var bands: Set<RiskBand>
    /// Only alerts given to this person.
    public var assignee: String?
    /// Only alerts of this customer.
    public var customerID: String?
    /// Only alerts with smaller numbers: the last one of the page before; nil for the newest.
    public var before: Int64?
    /// The most alerts to return, at least 1.
    public var limit: Int

    /// Creates a query; without arguments, for the newest alerts of all.
    public init(
        statuses: Set<AlertStatus> = [], bands: Set<RiskBand> = [], assignee: String? = nil,
        customerID: String? = nil, before: Int64? = nil, limit: Int = 50
    ) {
        self.statuses = statuses
        self.bands = bands
        self.assignee = assignee
        self.customerID = customerID
        self.before = before
        self.limit = limit
    }
}

/// A page of alerts.
public struct AlertPage: Hashable, Sendable {
    /// The alerts, newest (largest number) first.
    public var alerts: [Alert]
    /// Whether there are more after the last.
    public var hasMore: Bool

    /// Creates a page.
    public init(alerts: [Alert], hasMore: Bool) {
        self.alerts = alerts
        self.hasMore = hasMore
    }
}

/// The result of a step.
public enum AlertOutcome: Hashable, Sendable {
    /// The alert as it is now.
    case changed(Alert)
    /// There is no such alert.
    case unknown
    /// Another change of the alert came first; it was left as it is.
    case outdated(Alert)
    /// The step makes no sense for the alert as it is.
    case refused(Alert)
}

/// Keeps what people do about customers who became at risk.
///
/// An alert is an event that made its customer one at risk. It needs no row of its own until someone acts, so that
/// events cost what they cost without alerts.
public protocol AlertStore: Sendable {
    /// The alerts that fit, newest first.
    ///
    /// - Parameter now: decides which snoozed alerts are open again.
    func alerts(_ query: AlertQuery, at now: Timestamp) async throws -> AlertPage
    /// One alert; nil where no event of that number made its customer one at risk.
    func alert(id: Int64) async throws -> Alert?
    /// Returns the number of alerts by status; open ones are counted up to `openLimit`, which bounds the work.
    func alertCounts(openLimit: Int, at now: Timestamp) async throws -> [AlertStatus: Int]
    /// Takes a step, and adds it to the alert's history and the audit entry with it; changes nothing where the alert
    /// is no longer of `version`.
    func take(
        _ step: AlertStep, on id: Int64, version: Int64, by actor: String, at now: Timestamp,
        audit: AuditNote<AlertChange>?
    ) async throws -> AlertOutcome
    /// The newest steps that were taken about an alert, newest first: those that led to versions below `version`, nil
    /// for the newest of all; nil where there is no such alert.
    func changes(of id: Int64, before version: Int64?, limit: Int) async throws -> [AlertChange]?
}

extension AlertStore {
    /// Takes a step without an audit entry; see ``take(_:on:version:by:at:audit:)``.
    public func take(
        _ step: AlertStep, on id: Int64, version: Int64, by actor: String, at now: Timestamp
    ) async throws -> AlertOutcome {
        try await self.take(step, on: id, version: version, by: actor, at: now, audit: nil)
    }
}
