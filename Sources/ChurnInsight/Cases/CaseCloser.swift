public import ChurnCore
public import Logging
public import ServiceLifecycle

/// Resolves cases by itself once their customers have left or recovered, as far as it is to.
///
/// Looks at a page of cases at a time, again and again from the newest to the oldest, so that a round costs the same
/// however many there are. Any number of processes may do it: of several steps on one version the first counts.
public final class CaseCloser: Service {
    /// The name under which a case's history has the steps.
    public static let actor = "System"
    private static let pageSize = 200
    private static let interval: Duration = .seconds(2)

    private let store: any CaseStore
    private let standings: Set<CaseStanding>
    private let logger: Logger
    private let now: @Sendable () -> Timestamp

    /// Creates a closer; it does nothing before it runs.
    ///
    /// - `standings`: of which customers cases are resolved.
    /// - `now`: the wall clock; nil for the system's.
    public init(
        store: any CaseStore, standings: Set<CaseStanding>, logger: Logger, now: (@Sendable () -> Timestamp)? = nil
    ) {
        self.store = store
        self.standings = standings
        self.logger = logger
        self.now = now ?? Timestamp.systemNow
    }

    /// Closes cases until the task is cancelled or a graceful shutdown begins.
    public func run() async throws {
        guard !self.standings.isEmpty else {
            try? await gracefulShutdown()
            return
        }
        await cancelWhenGracefulShutdown {
            var place = Place()
            while !Task.isCancelled {
                do {
                    place = try await self.closePage(at: place)
                } catch {
                    self.logger.debug("cases could not be looked at", metadata: ["churn.error": "\(error)"])
                }
                try? await Task.sleep(for: Self.interval)
            }
        }
    }

    /// A place on the way through all cases that are not resolved: open ones first, each from the newest.
    package struct Place: Hashable, Sendable {
        package var isOfOpenOnes = true
        package var before: Int64?

        package init() {}
    }

    /// Looks at a page of cases, and returns where to go on.
    package func closePage(at place: Place) async throws -> Place {
        let statuses: Set<CaseStatus> = place.isOfOpenOnes ? [.open] : [.acknowledged, .assigned, .snoozed]
        let now = self.now()
        let page = try await self.store.cases(
            CaseQuery(statuses: statuses, before: place.before, limit: Self.pageSize), at: now)
        for customerCase in page.cases { try await self.close(customerCase, at: now) }
        var next = place
        next.before = page.hasMore ? page.cases.last?.id : nil
        if next.before == nil { next.isOfOpenOnes.toggle() }
        return next
    }

    private func close(_ customerCase: CustomerCase, at now: Timestamp) async throws {
        guard let customer = customerCase.customer, self.standings.contains(customer.standing(at: now)) else { return }
        let outcome: String
        switch customer.standing(at: now) {
        case .atRisk: return
        case .left: outcome = "Left"
        case .recovered:
            // As long as the risk is remembered, a new one would raise no case: the next event ends it.
            guard !customer.isRemembered else { return }
            outcome = "Recovered"
        }
        let id = customerCase.id
        _ = try await self.store.take(
            .resolve(outcome: outcome), on: id, version: customerCase.handling.version, by: Self.actor, at: now
        ) { change in
            NewAuditEntry(
                time: now, actor: Self.actor, action: "alert.resolve", subject: "\(id)",
                detail: "from \(change.from.rawValue) to \(change.to.rawValue), version \(change.version)")
        }
    }
}
