import ChurnCore
import ChurnMemory
import ChurnTesting
import Testing

@testable import ChurnCore
@testable import ChurnInsight

@Suite("Scoring everyone")
struct CustomerRescorerTests {
    private static func store(_ count: Int) async throws -> InMemoryStore {
        let store = InMemoryStore(domain: .telco)
        let width = Domain.telco.schema.features.count
        _ = try await store.importCustomers(
            (0..<count).map {
                CustomerState(id: "c\(1_000 + $0)", features: Array(repeating: .missing, count: width))
            })
        return store
    }

    private static func rescorer(over store: FaultyStore, _ directory: InMemoryStore) -> CustomerRescorer {
        CustomerRescorer(
            directory: directory, store: store,
            models: ModelLineup(champion: LoadedModel(predictor: DigestPredictor(domain: .telco))), domain: .telco,
            pageSize: 10, retry: JobRetry(backoff: Backoff(initial: .microseconds(1)), clock: ContinuousClock()))
    }

    @Test(
        "goes on after a failure of any of its calls, and scores each customer",
        arguments: FaultPlan.everySingleFault(calls: 4) + [.seeded(1, rate: 0.3), .seeded(2, rate: 0.3)])
    func goesOn(_ plan: FaultPlan) async throws {
        let base = try await Self.store(35)
        let store = FaultyStore(base, injector: FaultInjector(plan, longestDelay: .milliseconds(1)))
        #expect(try await Self.rescorer(over: store, base).run(at: Timestamp(microseconds: 7)) == 35)
        let states = try await base.states(for: (0..<35).map { "c\(1_000 + $0)" })
        #expect(states.values.allSatisfy { $0.latest?.time == Timestamp(microseconds: 7) })
        let stored = try await base.positions(of: CustomerRescorer.streamName, partitions: [0]).stored
        #expect(stored[0]?.nextOffset == 35)
    }

    @Test(
        "a number that no model reads stops no one else, and is counted",
        arguments: [Double.greatestFiniteMagnitude, .nan])
    func unreadable(_ number: Double) async throws {
        let base = try await Self.store(35)
        var customer = CustomerState(
            id: "c1007", features: Array(repeating: .missing, count: Domain.telco.schema.count))
        customer.features[try #require(Domain.telco.valueFeature)] = .number(number)
        _ = try await base.importCustomers([customer])
        let skipped = Locked(0)
        let store = FaultyStore(base, injector: FaultInjector(.none))
        let looked = try await Self.rescorer(over: store, base).run(
            at: Timestamp(microseconds: 7), skipped: { count in skipped.withLock { $0 += count } })
        #expect(looked == 35 && skipped.withLock { $0 } == 1)
        let states = try await base.states(for: (0..<35).map { "c\(1_000 + $0)" })
        #expect(states.values.count { $0.latest != nil } == 34 && states["c1007"]?.latest == nil)
        let explained = Locked(0)
        let summary = try await ImportanceProfile(directory: base, states: base, domain: .telco).run(
            LinearModel.seeded(), at: Timestamp(microseconds: 7),
            skipped: { count in explained.withLock { $0 += count } })
        #expect(summary.groups.first?.customers == 34 && explained.withLock { $0 } == 1)
    }

    @Test("gives up where its calls go on failing, with their error")
    func givesUp() async throws {
        let base = try await Self.store(1)
        let store = FaultyStore(base, injector: FaultInjector(.every(.fail, on: .write)))
        let rescorer = CustomerRescorer(
            directory: base, store: store,
            models: ModelLineup(champion: LoadedModel(predictor: DigestPredictor(domain: .telco))), domain: .telco,
            retry: JobRetry(backoff: Backoff(initial: .microseconds(1), jitter: 0), patience: .microseconds(60)))
        let error = await #expect(throws: ChurnError.self) { try await rescorer.run(at: Timestamp(microseconds: 7)) }
        #expect(error?.code == .storeUnavailable)
    }
}
