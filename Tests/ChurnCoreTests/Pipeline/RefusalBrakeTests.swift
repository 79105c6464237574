import ChurnCore
import ChurnMemory
import ChurnTesting
import Testing

@testable import ChurnCore

@Suite("A store that refuses events")
struct RefusalBrakeTests {
    private static let width = Domain.telco.schema.features.count

    /// Runs a pipeline over an event of each of 40 customers, until `isOver`; returns the health while it ran.
    private static func run(
        refusing refuses: @escaping @Sendable (CustomerEvent) -> Bool, _ store: InMemoryStore, _ health: HealthBoard,
        while isRunning: @escaping @Sendable () async throws -> Void = {}
    ) async throws {
        _ = try await store.importCustomers(
            (0..<40).map { CustomerState(id: "c\($0)", features: Array(repeating: .missing, count: Self.width)) })
        let log = InMemoryEventLog(name: StreamName(cluster: "test", topic: "events"))
        for number in 0..<40 {
            log.append(key: nil, value: Array(#"{"event_type":"unusual","user_id":"c\#(number)"}"#.utf8))
        }
        log.finish()
        let faulty = FaultyStore(store, injector: FaultInjector(FaultPlan.none), refuses: refuses)
        let pipeline = Pipeline(
            source: InMemoryEventSource(log: log, decoder: EventDecoder(domain: .telco)), store: faulty,
            models: ModelSlot(DigestPredictor(domain: .telco)), broadcaster: InMemoryBroadcaster(handler: { _ in }),
            domain: .telco, environment: Pipeline.Environment(health: health))
        async let done: Void = pipeline.run()
        try await isRunning()
        try await done
    }

    @Test("that are at fault each becomes a dead letter, however many, and the others are scored")
    func single() async throws {
        let store = InMemoryStore(domain: .telco)
        try await Self.run(refusing: { $0.customerID.hasSuffix("1") || $0.customerID.hasSuffix("2") }, store, .init())
        let letters = try await store.deadLetters(after: 0, status: nil, limit: 100)
        #expect(letters.count == 8 && letters.allSatisfy { $0.rejection.code == .storeRefused })
        #expect(letters.allSatisfy { $0.rejection.reason.contains("was set to refuse") })
    }

    @Test("whatever they hold sets a few aside, waits, says so, and goes on where it is put right")
    func all() async throws {
        let (store, health, refuses) = (InMemoryStore(domain: .telco), HealthBoard(), Locked(true))
        try await Self.run(refusing: { _ in refuses.withLock { $0 } }, store, health) {
            while !health.says("no event is at fault") { try await Task.sleep(for: .milliseconds(2)) }
            refuses.withLock { $0 = false }
        }
        #expect(try await store.deadLetters(after: 0, status: nil, limit: 100).count == RefusalBrake.limit)
        let states = try await store.states(for: (0..<40).map { "c\($0)" })
        #expect(states.values.count { $0.latest != nil } == 40 - RefusalBrake.limit)
        #expect(!health.says("no event is at fault"))
    }
}

extension HealthBoard {
    fileprivate func says(_ text: String) -> Bool {
        self.all.values.contains { if case .failing(_, let advice) = $0 { advice.contains(text) } else { false } }
    }
}
