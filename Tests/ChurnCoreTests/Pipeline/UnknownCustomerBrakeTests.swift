import ChurnCore
import ChurnMemory
import ChurnTesting
import Testing

@testable import ChurnCore

@Suite("A pipeline whose customers are missing")
struct UnknownCustomerBrakeTests {
    @Test("holds back above the limit, over what came lately, and not for a few events")
    func limit() throws {
        let brake = UnknownCustomerBrake(limit: 0.5)
        try brake.admit(10, of: 10)
        try brake.admit(0, of: 60)
        try brake.admit(40, of: 40)
        let error = #expect(throws: ChurnError.self) { try brake.admit(30, of: 30) }
        #expect(error?.code == .customersMissing && error?.disposition == .retry)
        try brake.admit(0, of: 30)
        try brake.admit(30, of: 30)
        try UnknownCustomerBrake(limit: 1).admit(1_000, of: 1_000)
    }

    @Test("waits, says so and writes nothing, and scores everything once the customers are there")
    func waits() async throws {
        let store = InMemoryStore(domain: .telco)
        let log = InMemoryEventLog(name: StreamName(cluster: "test", topic: "events"))
        for number in 0..<100 {
            log.append(key: nil, value: Array(#"{"event_type":"unusual","user_id":"c\#(number)"}"#.utf8))
        }
        log.finish()
        let health = HealthBoard()
        let pipeline = Pipeline(
            source: InMemoryEventSource(log: log, decoder: EventDecoder(domain: .telco)), store: store,
            models: ModelSlot(DigestPredictor(domain: .telco)), broadcaster: InMemoryBroadcaster(handler: { _ in }),
            domain: .telco, environment: Pipeline.Environment(health: health))
        async let done: Void = pipeline.run()
        while !health.isFailing("pipeline.read") { try await Task.sleep(for: .milliseconds(2)) }
        #expect(try await store.deadLetters(after: 0, status: nil, limit: 10).isEmpty)
        let width = Domain.telco.schema.features.count
        _ = try await store.importCustomers(
            (0..<100).map { CustomerState(id: "c\($0)", features: Array(repeating: .missing, count: width)) })
        try await done
        #expect(try await store.deadLetters(after: 0, status: nil, limit: 10).isEmpty)
        #expect(try await store.states(for: (0..<100).map { "c\($0)" }).values.allSatisfy { $0.latest != nil })
    }
}

extension HealthBoard {
    fileprivate func isFailing(_ component: String) -> Bool {
        self.all[component].map { if case .failing = $0 { true } else { false } } ?? false
    }
}
