public import ChurnCore
public import ChurnInsight
public import Logging
public import ServiceLifecycle

/// Sends every WebSocket of this process what people do about cases and customers, whichever process they asked.
///
/// The frames have no number and are in no log: who was not connected reads the case again. Any number of processes may
/// do it, each for its own connections.
public final class CaseFeed: Service {
    private static let interval: Duration = .seconds(1)
    /// Longer than a transaction of a request may take.
    private static let window: Duration = .seconds(20)

    private let store: any CaseStore
    private let hub: UpdateHub
    private let logger: Logger
    private let now: @Sendable () -> Timestamp

    /// Creates a feed; it sends nothing before it runs.
    ///
    /// - `now`: the wall clock; nil for the system's.
    public init(
        store: any CaseStore, hub: UpdateHub, logger: Logger, now: (@Sendable () -> Timestamp)? = nil
    ) {
        self.store = store
        self.hub = hub
        self.logger = logger
        self.now = now ?? Timestamp.systemNow
    }

    /// Follows the store until the task is cancelled or a graceful shutdown begins.
    public func run() async throws {
        await cancelWhenGracefulShutdown {
            var known: Set<CaseActivity>?
            while !Task.isCancelled {
                do {
                    known = try await self.send(known)
                } catch {
                    self.logger.debug("steps about cases could not be read", metadata: ["churn.error": "\(error)"])
                }
                try? await Task.sleep(for: Self.interval)
            }
        }
    }

    /// Sends what is not known yet, and returns what is known now; the first time, what happened before is.
    func send(_ known: Set<CaseActivity>?) async throws -> Set<CaseActivity> {
        let lately = try await self.store.caseActivity(window: Self.window, at: self.now())
        guard let known else { return Set(lately) }
        for activity in lately.filter({ !known.contains($0) }).sorted(by: Self.precedes) {
            self.hub.broadcast(FeedMessage.activity(activity))
        }
        return Set(lately)
    }

    /// The steps of a case come in the order of its versions.
    private static func precedes(_ a: CaseActivity, _ b: CaseActivity) -> Bool {
        guard case .step(let first) = a.kind, case .step(let second) = b.kind else { return false }
        return (first.caseID, first.version) < (second.caseID, second.version)
    }
}

extension FeedMessage {
    /// Returns the message that says what was done about a case or a customer.
    static func activity(_ activity: CaseActivity) -> [UInt8] {
        switch activity.kind {
        case .step(let change):
            self.message("case_step") { json in
                json.field("alert_id", change.caseID)
                json.field("customer_id", activity.customerID)
                json.field("version", change.version)
                json.field("changed_at", change.time)
                json.field("changed_by", change.actor)
                json.field("from_status", change.from.rawValue)
                json.field("to_status", change.to.rawValue)
                json.field("assignee", change.assignee)
                json.field("snoozed_until", change.snoozedUntil)
                json.field("outcome", change.outcome)
                json.field("log_id", change.interventionID)
            }
        case .due(let id, let time):
            self.message("case_due") { json in
                json.field("alert_id", id)
                json.field("customer_id", activity.customerID)
                json.field("snoozed_until", time)
            }
        case .intervention(let intervention):
            self.message("intervention_logged") { json in
                json.field("log_id", intervention.id)
                json.field("customer_id", activity.customerID)
                json.field("action_taken", intervention.action)
                json.field("log_timestamp", intervention.time)
                json.field("agent_id", intervention.agent)
                json.field("alert_id", intervention.caseID)
            }
        }
    }
}
