import ChurnCore
import ChurnInsight
import ChurnMemory
import ChurnTesting
import Foundation
import Logging
import Testing

@testable import ChurnModel

@Suite("A report of model health", .timeLimit(.minutes(5))) struct ModelHealthReportTests {
    private static let now = Timestamp(microseconds: 1_767_225_600_000_000)

    @Test("a bundle's training distribution counts its customers, and a booster that lacks it is refused")
    func distribution() async throws {
        let bundle = try await Fixture.bundle()
        let distribution = try #require(bundle.distribution)
        #expect(distribution.rows == 1_500)
        #expect(distribution.fits(Domain.telco.schema))
        for histogram in distribution.features { #expect(histogram.counts.reduce(0, +) == 1_500) }
        let contract = try #require(distribution.features.first { $0.name == "Contract" })
        let customers = try Fixture.customers(1_500)
        let index = try #require(Domain.telco.schema.index(of: "Contract"))
        for (category, count) in zip(contract.categories, contract.counts) {
            #expect(customers.count { $0.customer.features[index] == .text(category) } == Int(count))
        }
        try await Fixture.withFolder { folder in
            let damaged = try DamagedBundle(bundle, in: folder)
            #expect(damaged.refusal() == nil)
            let bytes = try damaged.bytes("distribution.json")
            try damaged.write(bytes + [0x20], as: "distribution.json")
            #expect(damaged.refusal()?.code == .modelRefused)
            try FileManager.default.removeItem(at: folder.appending(path: "distribution.json"))
            #expect(damaged.refusal()?.code == .modelRefused)
        }
    }

    @Test("holds outcomes against scores, and live customers against those of training")
    func report() async throws {
        let bundle = try await Fixture.bundle()
        let predictor = XGBoostPredictor(bundle: bundle)
        let slot = ModelSlot(ModelLineup(champion: LoadedModel(predictor)))
        let store = InMemoryStore(domain: .telco)
        let customers = try Fixture.customers(3_000, seed: 5)
        let scores = try await predictor.predict(customers.map(\.customer.features))
        let shadow = zip(customers, scores).map { row, score in
            ShadowScore(
                customerID: row.customer.id, version: bundle.manifest.version, probability: score, time: Self.now)
        }
        try await store.add([], shadow: shadow)
        _ = try await store.recordOutcomes(
            customers.map {
                CustomerOutcome(
                    customerID: $0.customer.id, time: Self.now.advanced(by: .seconds(60)),
                    hasChurned: $0.hasChurned ?? false)
            })
        let watch = ModelMonitor(
            records: store, domain: .telco, logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
        let tenure = try #require(Domain.telco.schema.index(of: "tenure"))
        let lineup = try slot.requireLineup()
        let observed =
            zip(customers, scores).map { row, score in
                var features = row.customer.features
                features[tenure] = .number(72)
                return ObservedScore(
                    customerID: row.customer.id, features: features, probability: score, model: predictor.model,
                    time: Self.now)
            }
        for start in stride(from: 0, to: observed.count, by: 250) {
            watch.observe(Array(observed[start..<start + 250]), by: lineup)
        }
        await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await watch.run() }
            group.cancelAll()
        }
        let health = try await ModelHealthReport(
            records: store, registry: nil, models: slot, domain: .telco
        ).health(at: Self.now)
        let model = try #require(health.models.first)
        #expect(health.models.count == 1)
        #expect(model.role == .champion)
        #expect(model.scored == 3_000)
        #expect(model.quality.outcomes == 3_000)
        let labels = customers.map { $0.hasChurned ?? false }
        #expect(model.quality.auc.map { abs($0 - ModelMetrics.auc(scores, labels)) < 1e-9 } == true)
        #expect(model.quality.brier.map { abs($0 - ModelMetrics.brierScore(scores, labels)) < 1e-9 } == true)
        #expect((model.quality.auc ?? 0) > 0.7)
        #expect(model.calibration.count == 10)
        #expect(model.byDay.map(\.quality.outcomes) == [3_000])
        let lines = Dictionary(uniqueKeysWithValues: (health.drift?.features ?? []).map { ($0.name, $0) })
        #expect(lines["tenure"]?.status == .alarm)
        #expect(lines["Contract"]?.status == .stable)
        #expect(lines["MonthlyCharges"]?.status == .stable)
        #expect(health.drift?.scores?.status == .stable)
        #expect(health.challenger == nil)
        #expect(health.windows.map(\.window) == DriftWindow.allCases)
        for window in health.windows {
            #expect(window.rows == 3_000)
            #expect(window.columns.filter { $0.status == .alarm }.map(\.name) == ["tenure"])
        }
    }

    @Test("judges champion and challenger on the same customers, and says what was not judged and why")
    func judged() async throws {
        let predictor = XGBoostPredictor(bundle: try await Fixture.bundle())
        let slot = ModelSlot(
            ModelLineup(
                champion: LoadedModel(predictor), challenger: LoadedModel(predictor: ConstantPredictor("b", 0.5))))
        let store = InMemoryStore(domain: .telco)
        let champion = predictor.model.version
        func shadow(_ id: String, _ hours: Int, _ probability: Double, _ beside: Double) -> ShadowScore {
            ShadowScore(
                customerID: id, version: "b", probability: probability, time: Self.time(hours),
                champion: PairedScore(version: champion, probability: beside))
        }
        try await store.add(
            [],
            shadow: (0..<40).flatMap { index in
                let hasLeft = index % 2 == 0
                return [
                    shadow("C\(index)", -100, hasLeft ? 0.8 : 0.3, hasLeft ? 0.6 : 0.5),
                    // Just before the outcome, and with the lead too late to help.
                    shadow("C\(index)", -50, 0.5, 0.5),
                ]
            })
        func outcome(_ id: String, _ hours: Int, _ hasChurned: Bool) -> CustomerOutcome {
            CustomerOutcome(customerID: id, time: Self.time(hours), hasChurned: hasChurned)
        }
        _ = try await store.recordOutcomes(
            (0..<40).map { outcome("C\($0)", -49, $0 % 2 == 0) } + [
                outcome("C0", -24 * 40, false), outcome("D", -10, true), outcome("C1", 5, true),
                // One who came back: both are judged, and the last one compares the models.
                outcome("C2", -2, false),
            ])
        var configuration = ModelHealthReport.Configuration()
        configuration.lead = .seconds(20 * 3_600)
        let health = try await ModelHealthReport(
            records: store, registry: nil, models: slot, domain: .telco, configuration: configuration
        ).health(at: Self.now)
        let outcomes = try #require(health.outcomes)
        #expect(outcomes.judged == 41 && outcomes.tooOld == 1)
        #expect(outcomes.withoutScore == 1 && outcomes.inFuture == 1)
        let judged = try #require(health.challenger?.judged)
        #expect(judged.customers == 40 && judged.positives == 19)
        #expect((judged.auc?.lower ?? -1) <= (judged.auc?.value ?? -1))
        #expect((judged.brier?.upper ?? 1) < 0)
    }

    private static func time(_ hours: Int) -> Timestamp { Self.now.advanced(by: .seconds(hours * 3_600)) }

    @Test("reports no drift of a model that has scored nothing")
    func unscored() async throws {
        let predictor = XGBoostPredictor(bundle: try await Fixture.bundle())
        let slot = ModelSlot(ModelLineup(champion: LoadedModel(predictor)))
        let health = try await ModelHealthReport(
            records: InMemoryStore(domain: .telco), registry: nil, models: slot, domain: .telco
        ).health(at: Self.now)
        #expect(health.drift?.rows == 0)
        #expect(health.drift?.features == [])
        #expect(health.drift?.scores == nil)
    }
}
