import ChurnMemory
import ChurnTesting
import Logging
import Testing

@testable import ChurnCore
@testable import ChurnInsight

/// A challenger that waits until it is let go.
private struct StuckPredictor: Predictor {
    let model = ModelIdentity(version: "stuck")
    let isFree = Locked(false)

    func predict(_ rows: [[FeatureValue]]) async throws -> [Double] {
        while !self.isFree.withLock({ $0 }) { try await Task.sleep(for: .milliseconds(1)) }
        return rows.map { _ in 0.9 }
    }
}

@Suite("A watch over scores", .timeLimit(.minutes(2))) struct ModelMonitorTests {
    private static let time = Timestamp(microseconds: 1_767_225_600_000_000)
    private static let features: [FeatureValue] = Domain.telco.schema.features.map { feature in
        feature.type == .numeric ? .number(5) : .text("No")
    }

    private static let distribution: TrainingDistribution = {
        let features = Domain.telco.schema.features.map { feature in
            feature.type == .numeric
                ? Histogram.numbers(feature.name, (0..<100).map { Double($0) })
                : Histogram(name: feature.name, type: "categorical", bounds: [], categories: ["Yes", "No"])
        }
        return TrainingDistribution(
            rows: 100, features: features, scores: .numbers("score", (0..<100).map { Double($0) / 100 }))
    }()

    private static func score(_ id: String, _ probability: Double, _ model: String) -> ObservedScore {
        ObservedScore(
            customerID: id, features: Self.features, probability: probability, model: ModelIdentity(version: model),
            time: Self.time, isAlert: probability > 0.7)
    }

    private static func lineup(_ challenger: (any Predictor)? = nil, canary: Double = 0) -> ModelLineup {
        ModelLineup(
            champion: LoadedModel(predictor: ConstantPredictor("a", 0.5), distribution: Self.distribution),
            challenger: challenger.map { LoadedModel(predictor: $0) }, canary: CanaryShare(canary))
    }

    /// Runs a watch until `isDone`, then stops it, which writes what it has.
    private static func run(
        _ watch: ModelMonitor, until isDone: @Sendable () async throws -> Bool = { true }
    ) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await watch.run() }
            while try await !isDone() { try await Task.sleep(for: .milliseconds(1)) }
            group.cancelAll()
        }
    }

    private static func watch(
        over store: InMemoryStore, _ change: (inout ModelMonitor.Configuration) -> Void = { _ in }
    ) -> (ModelMonitor, ManualClock) {
        var configuration = ModelMonitor.Configuration()
        change(&configuration)
        let clock = ManualClock()
        return (
            ModelMonitor(
                records: store, domain: .telco, configuration: configuration, clock: clock,
                logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }), clock
        )
    }

    @Test("counts inputs and scores in the bins of training")
    func counts() async throws {
        let store = InMemoryStore(domain: .telco)
        let (watch, _) = Self.watch(over: store)
        watch.observe([Self.score("C", 0.31, "a"), Self.score("D", 0.99, "a")], by: Self.lineup())
        try await Self.run(watch)
        let counts = try await store.modelCounts(since: 0)
        #expect(counts.count == Domain.telco.schema.count + 2)
        let hours = try await store.hourlyCounts(of: "a", since: 0)
        #expect(hours.map(\.counts) == counts.sorted { $0.series.rawValue < $1.series.rawValue }.map(\.counts))
        #expect(hours.allSatisfy { $0.hour == Self.time.hour && $0.day == Self.time.day })
        let scores = try #require(counts.first { $0.series == .scores })
        #expect(scores.counts == [0, 0, 0, 1, 0, 0, 0, 0, 0, 1, 0])
        #expect(scores.day == Self.time.day)
        let contract = try #require(counts.first { $0.series == .feature("Contract") })
        #expect(contract.counts == [0, 2, 0, 0])
    }

    @Test("counts all scores of a large batch, and the inputs of an even sample")
    func sample() async throws {
        let store = InMemoryStore(domain: .telco)
        let (watch, _) = Self.watch(over: store) { $0.maximumOfBatch = 10 }
        let contract = try #require(Domain.telco.schema.index(of: "Contract"))
        let scores = (0..<95).map { index in
            var score = Self.score("C\(index)", 0.31, "a")
            if index < 50 { score.features[contract] = .missing }
            return score
        }
        watch.observe(scores, by: Self.lineup())
        try await Self.run(watch)
        let counts = try await store.modelCounts(since: 0)
        #expect(counts.first { $0.series == .scores }?.counts.reduce(0, +) == 95)
        let inputs = try #require(counts.first { $0.series == .feature("Contract") })
        #expect(inputs.counts.reduce(0, +) == 10)
        #expect(inputs.counts.last == 5)
    }

    @Test("compares a challenger with the champion, band by band and alert by alert")
    func shadow() async throws {
        let store = InMemoryStore(domain: .telco)
        let (watch, clock) = Self.watch(over: store)
        watch.observe(
            [Self.score("C", 0.5, "a"), Self.score("D", 0.8, "a"), Self.score("E", 0.72, "a")],
            by: Self.lineup(ConstantPredictor("b", 0.75)))
        try await Self.run(watch) {
            clock.advance(by: .seconds(5))
            return try await !store.modelCounts(since: 0).isEmpty
        }
        let counts = try await store.modelCounts(since: 0).first { $0.series == .shadow(of: "a") }
        let shadow = try #require(counts.flatMap { ShadowCounts(counts: $0.counts) })
        #expect(counts?.version == "b")
        #expect(shadow.scored == 3)
        #expect(shadow.difference == 250_000 - 50_000 + 30_000)
        #expect(shadow.otherBand == 1)
        #expect(shadow.otherAlert == 1)
        #expect(shadow.championAlerts == 2)
        #expect(shadow.challengerAlerts == 3)
        _ = try await store.importCustomers([CustomerState(id: "C", features: Self.features)])
        _ = try await store.recordOutcomes([CustomerOutcome(customerID: "C", time: Self.time, hasChurned: true)])
        let judged = try await store.judgedScores(since: Self.time, horizon: .seconds(1))
        #expect(judged.map(\.version) == ["b"])
        #expect(judged.map(\.probability) == [0.75])
        #expect(judged.map(\.champion) == [PairedScore(version: "a", probability: 0.5)])
    }

    @Test("compares on the canary's customers too, and keeps no shadow score of what was served")
    func canary() async throws {
        let store = InMemoryStore(domain: .telco)
        let (watch, clock) = Self.watch(over: store)
        watch.observe([Self.score("C", 0.75, "b")], by: Self.lineup(ConstantPredictor("b", 0.75), canary: 1))
        try await Self.run(watch) {
            clock.advance(by: .seconds(5))
            return try await !store.modelCounts(since: 0).isEmpty
        }
        let counts = try await store.modelCounts(since: 0)
        let shadow = try #require(
            counts.first { $0.series == .shadow(of: "a") }.flatMap { ShadowCounts(counts: $0.counts) })
        #expect(shadow.scored == 1)
        #expect(shadow.difference == 250_000)
        _ = try await store.recordOutcomes([CustomerOutcome(customerID: "C", time: Self.time, hasChurned: true)])
        #expect(try await store.judgedScores(since: Self.time, horizon: .seconds(1)).isEmpty)
    }

    @Test("drops what does not fit while a challenger is stuck, and the pipeline does not wait for it")
    func stuck() async throws {
        let store = InMemoryStore(domain: .telco)
        let (watch, _) = Self.watch(over: store) { $0.maximumWaiting = 100 }
        let challenger = StuckPredictor()
        let lineup = Self.lineup(challenger)
        await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await watch.run() }
            for _ in 0..<10_000 { watch.observe([Self.score("C", 0.5, "a")], by: lineup) }
            challenger.isFree.withLock { $0 = true }
            group.cancelAll()
        }
        let scored = try await store.modelCounts(since: 0).first { $0.series == .scores }?.counts.reduce(0, +) ?? 0
        #expect(scored > 0)
        #expect(scored < 10_000)
    }

    @Test("counts on where a challenger fails")
    func failing() async throws {
        let store = InMemoryStore(domain: .telco)
        let (watch, clock) = Self.watch(over: store)
        watch.observe([Self.score("C", 0.5, "a")], by: Self.lineup(ConstantPredictor("b", fails: true)))
        try await Self.run(watch) {
            clock.advance(by: .seconds(5))
            return try await !store.modelCounts(since: 0).isEmpty
        }
        let series = Set(try await store.modelCounts(since: 0).map(\.series))
        #expect(series.contains(.scores))
        #expect(!series.contains(.shadow(of: "a")))
    }
}
