import ChurnCore
import ChurnInsight
import ChurnMemory
import Logging
import Testing

@Suite("Cases that are resolved by themselves")
struct CaseCloserTests {
    private static let now = Timestamp(microseconds: 1_767_225_600_000_000)
    private static let partition = StreamPartition(
        stream: StreamIdentity(name: StreamName(cluster: "c", topic: "t"), epoch: 0), partition: 0)

    /// A store with cases 1 to 3 of customers that left, recovered and are at risk.
    private static func store() async throws -> InMemoryStore {
        let store = InMemoryStore(domain: .telco)
        let features = Domain.telco.schema.features.map { _ in FeatureValue.missing }
        let scores = [("left", 0.9), ("well", 0.2), ("risk", 0.9)]
        _ = try await store.importCustomers(scores.map { CustomerState(id: $0.0, features: features) })
        let events = scores.enumerated().map { index, customer in
            ScoredEvent(
                eventID: Int64(index) + 1,
                event: CustomerEvent(
                    position: StreamPosition(partition: Self.partition, offset: Int64(index)),
                    customerID: customer.0, type: EventType(rawValue: "contract_downgrade"),
                    time: Self.now.advanced(by: .seconds(-60)), recordTime: Self.now, json: Array("{}".utf8)),
                prediction: Prediction(
                    customerID: customer.0, probability: 0.8, band: .high, model: ModelIdentity(version: "m"),
                    stateVersion: 1, alert: AlertDecision(isAlert: true, becameAtRisk: true)))
        }
        let changes = scores.map { id, score in
            StateChange(
                state: CustomerState(
                    id: id, features: features, version: 1,
                    latest: LatestScore(probability: score, band: RiskBands().band(of: score), time: Self.now)),
                readVersion: 0, featuresChanged: false)
        }.sorted { $0.state.id < $1.state.id }
        _ = try await store.write(
            ScoredBatch(
                ranges: [OffsetRange(partition: Self.partition, from: 0, to: 3)], events: events, changes: changes))
        _ = try await store.recordOutcomes([
            CustomerOutcome(customerID: "left", time: Self.now, hasChurned: true)
        ])
        return store
    }

    private static func close(_ standings: Set<CaseStanding>, in store: InMemoryStore) async throws {
        let now = Self.now
        let closer = CaseCloser(store: store, standings: standings, logger: Logger(label: "test")) { now }
        let first = try await closer.closePage(at: CaseCloser.Place())
        let second = try await closer.closePage(at: first)
        #expect(second == CaseCloser.Place(), "a round ends where it began")
    }

    @Test(
        "are those of the standings that are wanted, open or taken, and the history says who did it",
        arguments: [[], [.left], [.left, .recovered]] as [Set<CaseStanding>])
    func standings(_ wanted: Set<CaseStanding>) async throws {
        let store = try await Self.store()
        _ = try await store.take(.assign(to: "Lee"), on: 1, version: 0, by: "Kim", at: Self.now)
        try await Self.close(wanted, in: store)
        let outcomes = try await [1, 2, 3].asyncMap { try await store.customerCase(id: $0)?.handling.outcome }
        #expect(
            outcomes == [wanted.contains(.left) ? "Left" : nil, wanted.contains(.recovered) ? "Recovered" : nil, nil])
        let last = try await store.changes(of: 1, before: nil, limit: 1)?.first
        #expect(last?.actor == (wanted.contains(.left) ? CaseCloser.actor : "Kim"))
        let entries = try await store.auditEntries(before: nil, limit: 10)
        #expect(entries.count == wanted.count)
    }
}

extension [Int64] {
    fileprivate func asyncMap(_ value: (Int64) async throws -> String?) async throws -> [String?] {
        var values: [String?] = []
        for each in self { values.append(try await value(each)) }
        return values
    }
}
