public import ChurnCore

/// A query for cases.
public struct CaseQuery: Hashable, Sendable {
    /// Only cases that stand so now; empty for all.
    public var statuses: Set<CaseStatus>
    /// Only cases in these bands; empty for all.
    public var bands: Set<RiskBand>
    /// Only cases given to this person.
    public var assignee: String?
    /// Only cases of this customer.
    public var customerID: String?
    /// Only cases with smaller numbers: the last one of the page before; nil for the newest.
    public var before: Int64?
    /// The most cases to return, at least 1.
    public var limit: Int

    /// Creates a query; without arguments, for the newest cases of all.
    public init(
        statuses: Set<CaseStatus> = [], bands: Set<RiskBand> = [], assignee: String? = nil,
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

/// A page of cases.
public struct CasePage: Hashable, Sendable {
    /// The cases, newest (largest number) first.
    public var cases: [CustomerCase]
    /// Whether there are more after the last.
    public var hasMore: Bool

    /// Creates a page.
    public init(cases: [CustomerCase], hasMore: Bool) {
        self.cases = cases
        self.hasMore = hasMore
    }
}

/// The result of a step.
public enum CaseStepResult: Hashable, Sendable {
    /// The case as it is now.
    case changed(CustomerCase)
    /// There is no such case.
    case unknown
    /// Another change of the case came first; it was left as it is.
    case outdated(CustomerCase)
    /// The step makes no sense for the case as it is.
    case refused(CustomerCase)
}

/// Keeps what people do about customers who became at risk.
///
/// A case is an event that made its customer one at risk. It needs no row of its own until someone acts, so that
/// events cost what they cost without cases.
public protocol CaseStore: Sendable {
    /// The cases that fit, newest first.
    ///
    /// - `now`: decides which snoozed cases are open again.
    func cases(_ query: CaseQuery, at now: Timestamp) async throws -> CasePage
    /// One case; nil where no event of that number made its customer one at risk.
    func customerCase(id: Int64) async throws -> CustomerCase?
    /// Returns the number of cases by status; open ones are counted up to `openLimit`, which bounds the work.
    func caseCounts(openLimit: Int, at now: Timestamp) async throws -> [CaseStatus: Int]
    /// Takes a step, and adds it to the case's history and the audit entry with it; changes nothing where the case
    /// is no longer of `version`.
    func take(
        _ step: CaseStep, on id: Int64, version: Int64, by actor: String, at now: Timestamp,
        audit: AuditNote<CaseChange>?
    ) async throws -> CaseStepResult
    /// The newest steps that were taken about a case, newest first: those that led to versions below `version`, nil
    /// for the newest of all; nil where there is no such case.
    func changes(of id: Int64, before version: Int64?, limit: Int) async throws -> [CaseChange]?
    /// Returns what happened lately, in no stated order: the steps and interventions that were written within a window
    /// before now by the store's clock, and the snoozes that ended within it before `now`.
    ///
    /// A window that is longer than a transaction misses none, whatever the order of commits; ask again within it.
    func caseActivity(window: Duration, at now: Timestamp) async throws -> [CaseActivity]
}

extension CaseStore {
    /// Takes a step without an audit entry; see ``take(_:on:version:by:at:audit:)``.
    public func take(
        _ step: CaseStep, on id: Int64, version: Int64, by actor: String, at now: Timestamp
    ) async throws -> CaseStepResult {
        try await self.take(step, on: id, version: version, by: actor, at: now, audit: nil)
    }
}
