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
    }

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
