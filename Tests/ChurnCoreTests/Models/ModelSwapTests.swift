import ChurnCore
import ChurnMemory
import ChurnTesting
import Testing

/// Puts the next model into the slot in the middle of each of its calls: the worst moment there is.
private struct RestlessPredictor: Predictor {
    let model: ModelIdentity
    let base: any Predictor
    let swap: @Sendable () -> Void

    func predict(_ rows: [[FeatureValue]]) async throws -> [Double] {
        self.swap()
        return try await self.base.predict(rows)
    }
}

/// The batches that were written, one after the other.
private final class WrittenBatches: Sendable {
    struct State {
        var versions: [Set<String>] = []
        var offsets: [StreamPosition] = []
    }
    let state = Locked(State())

    func take(_ change: InMemoryStore.Change) {
        guard case .batch(let batch) = change else { return }
        self.state.withLock { state in
            state.versions.append(Set(batch.events.compactMap { $0.prediction?.model.version }))
            state.offsets += batch.events.map(\.event.position)
        }
    }
}

@Suite("A swap of models", .timeLimit(.minutes(5))) struct ModelSwapTests {
    private static let events = 20_000
    private static let swaps = 100

    @Test(
        "falls between two batches, whatever fails and is repeated, and loses no event",
        arguments: [FaultPlan.none, .seeded(1, rate: 0.05), .seeded(2, rate: 0.2)])
    func betweenBatches(_ plan: FaultPlan) async throws {
        let written = WrittenBatches()
        let store = InMemoryStore(domain: .telco, onChange: { written.take($0) })
        let everyone = try CustomerPopulation(domain: .telco, seed: 3).customers(200).map(\.customer)
        _ = try await store.importCustomers(everyone)
        let log = InMemoryEventLog(partitions: 3)
        var simulator = try EventSimulator(domain: .telco, customerIDs: everyone.map(\.id), seed: 4)
        for number in 0..<Self.events {
            let event = simulator.next(at: Timestamp(microseconds: 1_767_225_600_000_000 + Int64(number)))
            log.append(key: event.key, value: event.json)
        }
        let slot = ModelSlot()
        let swaps = Locked(0)
        @Sendable func next() {
            let number = swaps.withLock { count -> Int in
                count += 1
                return count
            }
            let predictor = RestlessPredictor(
                model: ModelIdentity(version: "v\(number)"), base: DigestPredictor(domain: .telco), swap: next)
            slot.replace(with: ModelLineup(champion: LoadedModel(predictor: predictor)))
        }
        next()
        let injector = FaultInjector(plan, longestDelay: .milliseconds(1))
        var reading = InMemoryEventSource.Configuration()
        reading.batchSize = 150
        var configuration = PipelineConfiguration()
        configuration.backoff = Backoff(initial: .microseconds(10), maximum: .microseconds(100), jitter: 0)
        configuration.overlapThreshold = 0
        let pipeline = Pipeline(
            source: FaultyEventSource(
                InMemoryEventSource(log: log, decoder: EventDecoder(domain: .telco), configuration: reading),
                injector: injector, clock: ContinuousClock()),
            store: FaultyStore(store, injector: injector), models: slot,
            broadcaster: InMemoryBroadcaster(handler: { _ in }), domain: .telco, configuration: configuration)
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await pipeline.run() }
            group.addTask {
                while written.state.withLock({ $0.offsets.count }) < Self.events {
                    try await Task.sleep(for: .milliseconds(5))
                }
            }
            try await group.next()
            group.cancelAll()
            try? await group.waitForAll()
        }
        let state = written.state.withLock { $0 }
        #expect(state.offsets.count == Self.events)
        #expect(Set(state.offsets).count == Self.events)
        #expect(state.versions.allSatisfy { $0.count <= 1 })
        #expect(Set(state.versions.flatMap { $0 }).count >= Self.swaps)
    }
}
