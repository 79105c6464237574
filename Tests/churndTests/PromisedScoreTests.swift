import ArgumentParser
import ChurnCore
import ChurnInsight
import ChurnMemory
import ChurnModel
import ChurnStore
import Logging
import Testing

@testable import churnd

@Suite(
    "Promised scores", .timeLimit(.minutes(5)), .enabled(if: OwnDatabase.url != nil, OwnDatabase.absence))
struct PromisedScoreTests {
    /// Telco, with an event for each action that does what the action promises.
    private static let domain: Domain = {
        var domain = Domain.telco
        for action in domain.actions {
            let type = EventType(rawValue: "did_\(action.id)")
            domain.events[type] = EventRule(type: type, weight: 0, details: "", effect: action.effect)
        }
        return domain
    }()
    private static let quiet = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }

    @Test("doing it for real, by events through PostgreSQL and XGBoost, gives the promised score to the bit")
    func promised() async throws {
        let domain = Self.domain
        let population = try CustomerPopulation(domain: domain, seed: 21).customers(600)
        let options = TrainingOptions(maximumRounds: 30, patience: 10, learningRate: 0.2)
        let bundle = try await ModelTrainer(options: options)
            .train(TrainingData(customers: population, domain: domain))
        let predictor = XGBoostPredictor(bundle: bundle)
        let whatIf = WhatIf(domain: domain, predictor: predictor)
        try await OwnDatabase.with { url in
            try await ConfigurationArguments(["migrate", "--postgres-url", url], of: Churnd.self).run()
            let store = try PostgresStore(
                PostgresConfiguration(url: Secret(url)), domain: domain, logger: Self.quiet)
            let customers = population.prefix(60).map(\.customer)
            _ = try await store.importCustomers(Array(customers))
            var promises: [String: ActionOutcome] = [:]
            let log = InMemoryEventLog(partitions: 3)
            for customer in customers {
                let report = try #require(try await whatIf.report(on: customer.id, in: store))
                for (number, outcome) in report.outcomes.enumerated() {
                    // A copy of the customer for each promise.
                    let copy = CustomerState(id: "\(customer.id)-\(number)", features: customer.features)
                    _ = try await store.importCustomers([copy])
                    promises[copy.id] = outcome
                    for id in outcome.actions {
                        let json = #"{"user_id":"\#(copy.id)","event_type":"did_\#(id)"}"#
                        log.append(key: Array(copy.id.utf8), value: Array(json.utf8))
                    }
                }
            }
            log.finish()
            let pipeline = Pipeline(
                source: InMemoryEventSource(log: log, decoder: EventDecoder(domain: domain)), store: store,
                models: ModelSlot(predictor), broadcaster: NoOpBroadcaster(), domain: domain)
            try await pipeline.run()
            let states = try await store.states(for: promises.keys.sorted())
            #expect(promises.count > 200 && promises.values.contains { $0.actions.count == 2 })
            for (id, outcome) in promises {
                let state = try #require(states[id])
                let score = try #require(state.latest)
                #expect(score.probability.bitPattern == outcome.probability.bitPattern, "\(outcome.actions)")
                for change in outcome.changes { #expect(state.features[change.feature] == change.value) }
            }
            #expect(Set(promises.values.map(\.probability)).count > 50, "the model distinguishes customers")
            await store.close()
        }
    }
}
