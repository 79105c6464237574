import ChurnCore
import ChurnInsight
import ChurnMemory

/// A store whose loads of all customers take as long as a test likes, or fail.
final class SlowLoads: QueryStore {
    enum State { case works, hangs, fails }

    let base: InMemoryStore
    let state = Locked(State.works)
    /// The number of loads that were begun.
    let begun = Locked(0)

    init(base: InMemoryStore) { self.base = base }

    var domain: Domain { self.base.domain }

    func snapshot(
        scoresSince hour: Timestamp?, _ receive: @escaping @Sendable ([ProjectedCustomer]) -> Void
    ) async throws -> StoreSnapshot {
        self.begun.withLock { $0 += 1 }
        while self.state.withLock({ $0 == .hangs }) { try await Task.sleep(for: .milliseconds(5)) }
        guard self.state.withLock({ $0 == .works }) else {
            throw ChurnError(.timedOut, .retry, during: "load customers in a test")
        }
        return try await self.base.snapshot(scoresSince: hour, receive)
    }

    func changes(after cursor: UpdateCursor, limit: Int) async throws -> StoreChanges {
        try await self.base.changes(after: cursor, limit: limit)
    }
    func events(before eventID: Int64?, limit: Int) async throws -> [LoggedEvent] {
        try await self.base.events(before: eventID, limit: limit)
    }
    func alerts(before eventID: Int64?, limit: Int) async throws -> [LoggedAlert] {
        try await self.base.alerts(before: eventID, limit: limit)
    }
    func alertEvents(
        before eventID: Int64?, limit: Int, portion: Int, _ receive: @escaping @Sendable (LoggedAlerts) -> Void
    ) async throws {
        try await self.base.alertEvents(before: eventID, limit: limit, portion: portion, receive)
    }
    func timeline(of customerID: String, before time: Timestamp?, limit: Int) async throws -> [TimelineEntry]? {
        try await self.base.timeline(of: customerID, before: time, limit: limit)
    }
    func scoreChanges(of customerID: String, limit: Int) async throws -> [RecentEvent]? {
        try await self.base.scoreChanges(of: customerID, limit: limit)
    }
    func topReasons(since time: Timestamp) async throws -> TopReasons {
        try await self.base.topReasons(since: time)
    }
    func featureImportances(
        segment: String?, modelVersion: String?, limit: Int
    ) async throws -> [FeatureImportance] {
        try await self.base.featureImportances(segment: segment, modelVersion: modelVersion, limit: limit)
    }
    func states(for ids: [String]) async throws -> [String: CustomerState] { try await self.base.states(for: ids) }
    func record(_ snapshot: RiskSnapshot) async throws { try await self.base.record(snapshot) }
    func riskSnapshots(since time: Timestamp) async throws -> [RiskSnapshot] {
        try await self.base.riskSnapshots(since: time)
    }
}
