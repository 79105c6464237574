import ChurnCore
import ChurnInsight
import ChurnMemory
import Logging
import Testing

@Suite("A projection's feed")
struct CustomerProjectionFeedTests {
    private static let quiet = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
    private let partition = StreamPartition(
        stream: StreamIdentity(name: StreamName(cluster: "local", topic: "t")), partition: 0)

    /// Writes a score with the frame that reports it, as the pipeline does.
    private func score(
        _ id: String, _ probability: Double, offset: Int64, isAlert: Bool = false, in store: InMemoryStore
    ) async throws {
        let state = try #require(try await store.states(for: [id])[id])
        let time = Timestamp(microseconds: offset)
        let event = CustomerEvent(
            position: StreamPosition(partition: self.partition, offset: offset), customerID: id,
            type: EventType(rawValue: "e"), time: time, recordTime: time, json: Array("{}".utf8))
        let band = RiskBands().band(of: probability)
        var next = state
        next.version += 1
        next.latest = LatestScore(probability: probability, band: band, time: time)
        let frame = Array(
            #"{"type":"new_event","payload":{"user_id":"\#(id)","churn_probability":\#(probability)}}"#.utf8)
        let outcome = try await store.write(
            ScoredBatch(
                ranges: [OffsetRange(partition: self.partition, from: offset, to: offset + 1)],
                events: [
                    ScoredEvent(
                        eventID: offset + 1, event: event,
                        prediction: Prediction(
                            customerID: id, probability: probability, band: band, model: ModelIdentity(version: "m"),
                            stateVersion: next.version, alert: AlertDecision(isAlert: isAlert, becameAtRisk: false)))
                ], changes: [StateChange(state: next, readVersion: state.version, featuresChanged: false)],
                updates: [
                    UpdateBlock(
                        partition: self.partition, previous: offset == 0 ? nil : offset - 1, numbers: [offset],
                        bytes: frame, ends: [frame.count])
                ]))
        guard case .written = outcome else {
            Issue.record("the outcome is \(outcome)")
            return
        }
    }

    private func store(_ blocks: Int = 4_096) async throws -> InMemoryStore {
        var configuration = InMemoryStore.Configuration()
        configuration.updateBlocksKept = blocks
        let store = InMemoryStore(domain: .telco, configuration: configuration)
        let features = [FeatureValue](repeating: .missing, count: Domain.telco.schema.count)
        _ = try await store.importCustomers(["a", "b", "c"].map { CustomerState(id: $0, features: features) })
        return store
    }

    private func eventually(_ holds: () async throws -> Bool) async throws -> Bool {
        for _ in 0..<1_000 {
            if try await holds() { return true }
            try await Task.sleep(for: .milliseconds(10))
        }
        return false
    }

    private func ids(_ feed: CustomerProjectionFeed) async -> [String] {
        (try? await feed.watchlist(WatchlistQuery(bands: Set(RiskBand.allCases))).customers.map(\.id)) ?? []
    }

    @Test("answers with an error of disposition retry, and is not ready, before its first load")
    func notLoaded() async throws {
        let health = HealthBoard()
        let feed = CustomerProjectionFeed(store: try await self.store(), health: health, logger: Self.quiet)
        #expect(!health.isReady)
        let error = await #expect(throws: ChurnError.self) {
            try await feed.riskSummary(at: Timestamp(microseconds: 0))
        }
        #expect(error?.disposition == .retry)
        try await feed.reload()
        #expect(health.isReady)
        #expect(try await feed.riskSummary(at: Timestamp(microseconds: 0)).customers == 3)
    }

    @Test("follows the updates without loading again, and sees a score once")
    func follows() async throws {
        let store = try await self.store()
        try await self.score("a", 0.5, offset: 0, in: store)
        var configuration = CustomerProjectionFeed.Configuration()
        configuration.interval = .milliseconds(5)
        let feed = CustomerProjectionFeed(
            store: store, configuration: configuration, health: HealthBoard(), logger: Self.quiet)
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await feed.run() }
            #expect(try await self.eventually { await self.ids(feed) == ["a"] })
            try await self.score("b", 0.75, offset: 1, in: store)
            try await self.score("c", 0.25, offset: 2, in: store)
            #expect(try await self.eventually { await self.ids(feed) == ["b", "a", "c"] })
            let now = Timestamp.systemNow()
            let (found, wanted) = try await (feed.riskSummary(at: now), store.riskSummary(at: now))
            #expect(found == wanted)
            #expect(found.trend.reduce(0) { $0 + $1.scores } == 3)
            group.cancelAll()
        }
    }

    @Test("that finds a gap in the updates loads everything again")
    func gap() async throws {
        let store = try await self.store(1)
        var configuration = CustomerProjectionFeed.Configuration()
        configuration.interval = .milliseconds(5)
        let feed = CustomerProjectionFeed(
            store: store, configuration: configuration, health: HealthBoard(), logger: Self.quiet)
        try await feed.reload()
        try await self.score("a", 0.5, offset: 0, in: store)
        try await self.score("b", 0.75, offset: 1, in: store)
        try await self.score("c", 0.25, offset: 2, in: store)
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await feed.run() }
            #expect(try await self.eventually { await self.ids(feed) == ["b", "a", "c"] })
            let now = Timestamp.systemNow()
            let (found, wanted) = try await (feed.riskSummary(at: now), store.riskSummary(at: now))
            #expect(found == wanted)
            group.cancelAll()
        }
    }

    @Test("loads everything again from time to time, and so sees what sends no update")
    func reloads() async throws {
        let store = try await self.store()
        var configuration = CustomerProjectionFeed.Configuration()
        configuration.interval = .milliseconds(5)
        configuration.reloadInterval = .milliseconds(20)
        let feed = CustomerProjectionFeed(
            store: store, configuration: configuration, health: HealthBoard(), logger: Self.quiet)
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await feed.run() }
            let features = [FeatureValue](repeating: .missing, count: Domain.telco.schema.count)
            _ = try await store.importCustomers([CustomerState(id: "new", features: features)])
            #expect(
                try await self.eventually { (try? await feed.watchlist(WatchlistQuery(search: "NEW")).total) == 1 })
            group.cancelAll()
        }
    }

    @Test("shows customers on a long page of alerts that came after it has loaded", arguments: [1, 2, 3, 10])
    func newCustomers(_ portion: Int) async throws {
        let store = try await self.store()
        var configuration = CustomerProjectionFeed.Configuration()
        (configuration.longestReadPage, configuration.alertPortion) = (1, portion)
        let feed = CustomerProjectionFeed(
            store: store, configuration: configuration, health: HealthBoard(), logger: Self.quiet)
        try await feed.reload()
        let types = Domain.telco.schema.features.map(\.type)
        let features: [FeatureValue] = types.map { type in
            switch type {
            case .numeric: .number(12.5)
            case .categorical: .text("new")
            case .boolean: .boolean(true)
            }
        }
        _ = try await store.importCustomers(["d", "e"].map { CustomerState(id: $0, features: features) })
        for (offset, id) in ["a", "d", "b", "e", "d"].enumerated() {
            try await self.score(id, 0.9, offset: Int64(offset), isAlert: true, in: store)
        }
        let alerts = try await feed.alerts(before: nil, limit: 10)
        #expect(alerts.map(\.customerID) == ["d", "e", "b", "d", "a"])
        #expect(alerts.first?.shown == Domain.telco.updateFields.map { features[$0.feature] })
        #expect(try await store.alerts(before: nil, limit: 10) == alerts)
    }

    @Test("keeps the figures of each hour once, also beside another node, and knows yesterday's after a start")
    func snapshots() async throws {
        let store = try await self.store()
        try await self.score("a", 0.9, offset: 0, in: store)
        let hour: Int64 = 3_600_000_000
        let clock = Locked(Timestamp(microseconds: 1_000 * hour))
        var configuration = CustomerProjectionFeed.Configuration()
        configuration.interval = .milliseconds(5)
        func feed() -> CustomerProjectionFeed {
            CustomerProjectionFeed(
                store: store, configuration: configuration, health: HealthBoard(), logger: Self.quiet,
                now: { clock.withLock { $0 } })
        }
        func kept() async throws -> [RiskSnapshot] {
            try await store.riskSnapshots(since: Timestamp(microseconds: 0))
        }
        try await withThrowingTaskGroup(of: Void.self) { group in
            let nodes = [feed(), feed()]
            for node in nodes { group.addTask { try await node.run() } }
            #expect(try await self.eventually { try await kept().count == 1 })
            for node in nodes { #expect(try await self.eventually { await self.ids(node) == ["a"] }) }
            try await self.score("b", 0.1, offset: 1, in: store)
            for node in nodes { #expect(try await self.eventually { await self.ids(node) == ["a", "b"] }) }
            clock.withLock { $0 = Timestamp(microseconds: 1_001 * hour) }
            #expect(try await self.eventually { try await kept().count == 2 })
            group.cancelAll()
        }
        #expect(try await kept().map { $0.bands.values.reduce(0, +) } == [1, 2])
        let later = Timestamp(microseconds: 1_025 * hour + hour / 4)
        clock.withLock { $0 = later }
        let started = feed()
        try await started.reload()
        let summary = try await started.riskSummary(at: later)
        #expect(try await summary.yesterday == kept()[1])
        #expect(summary.yesterday?.bands.filter { $0.value > 0 } == [.critical: 1, .low: 1])
    }

    @Test("follows the updates also where loading again takes long or fails, and stays ready")
    func loadsThatFail() async throws {
        let store = try await self.store()
        let slow = SlowLoads(base: store)
        var configuration = CustomerProjectionFeed.Configuration()
        configuration.interval = .milliseconds(5)
        configuration.reloadInterval = .milliseconds(20)
        let health = HealthBoard()
        let feed = CustomerProjectionFeed(
            store: slow, configuration: configuration, health: health, logger: Self.quiet)
        try await feed.reload()
        // One hangs, as a sum that is never done; then it fails, as by a time limit.
        slow.state.withLock { $0 = .hangs }
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await feed.run() }
            #expect(try await self.eventually { slow.begun.withLock { $0 } > 1 })
            try await self.score("a", 0.5, offset: 0, in: store)
            #expect(try await self.eventually { await self.ids(feed) == ["a"] })
            slow.state.withLock { $0 = .fails }
            #expect(try await self.eventually { slow.begun.withLock { $0 } > 3 })
            try await self.score("b", 0.75, offset: 1, in: store)
            #expect(try await self.eventually { await self.ids(feed) == ["b", "a"] })
            #expect(health.isReady)
            slow.state.withLock { $0 = .works }
            #expect(try await self.eventually { health.all["projection"] == .healthy })
            group.cancelAll()
        }
    }
}
