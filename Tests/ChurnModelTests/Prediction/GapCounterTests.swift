import ChurnCore
import CoreMetrics
import Testing

@testable import ChurnModel

@Suite("Gap counters")
struct GapCounterTests {
    @Test("missing values and unknown categories are counted by feature while scores are made")
    func counts() async throws {
        let factory = CountingFactory()
        let predictor = XGBoostPredictor(bundle: try await Fixture.bundle(), threads: 2).counting(with: factory)
        var rows = try Fixture.customers(600).map(\.customer.features)
        let schema = Domain.telco.schema
        let contract = try #require(schema.index(of: "Contract"))
        let gender = try #require(schema.index(of: "gender"))
        let charges = try #require(schema.index(of: "TotalCharges"))
        for index in rows.indices { rows[index][charges] = .number(1) }
        for index in 0..<7 { rows[index][contract] = .text("Ten years") }
        for index in 500..<510 { rows[index][gender] = .text("unknown") }
        for index in 100..<105 { rows[index][charges] = .missing }
        _ = try await predictor.predict(rows)
        let counts = factory.counts.withLock { $0 }
        #expect(counts["churn.model.unknown.categories Contract"] == 7)
        #expect(counts["churn.model.unknown.categories gender"] == 10)
        #expect(counts["churn.model.missing.values TotalCharges"] == 5)
        #expect(counts["churn.model.missing.values Contract"] == nil)
    }
}

/// Remembers what counters count.
private final class CountingFactory: MetricsFactory {
    let counts = Locked<[String: Int64]>([:])

    private final class Handler: CounterHandler {
        let name: String
        let factory: CountingFactory

        init(name: String, factory: CountingFactory) {
            self.name = name
            self.factory = factory
        }

        func increment(by amount: Int64) {
            self.factory.counts.withLock { $0[self.name, default: 0] += amount }
        }

        func reset() {}
    }

    func makeCounter(label: String, dimensions: [(String, String)]) -> any CounterHandler {
        Handler(name: ([label] + dimensions.map(\.1)).joined(separator: " "), factory: self)
    }

    func makeRecorder(label: String, dimensions: [(String, String)], aggregate: Bool) -> any RecorderHandler {
        NOOPMetricsHandler.instance
    }

    func makeTimer(label: String, dimensions: [(String, String)]) -> any TimerHandler { NOOPMetricsHandler.instance }

    func destroyCounter(_ handler: any CounterHandler) {}
    func destroyRecorder(_ handler: any RecorderHandler) {}
    func destroyTimer(_ handler: any TimerHandler) {}
}
