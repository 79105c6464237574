import ChurnCore
import ChurnMemory
import ChurnTesting
import Testing

@Suite("A fault plan")
struct FaultPlanTests {
    @Test("for one call touches that call and no other")
    func single() {
        let injector = FaultInjector(.single(.fail, on: .states, call: 3))
        #expect((0..<5).map { _ in injector.draw(at: .states) } == [nil, nil, .fail, nil, nil])
        #expect((0..<5).allSatisfy { _ in injector.draw(at: .write) == nil })
        #expect(injector.faultCount == 1)
        #expect(injector.calls(on: .states) == 5)
    }

    @Test("of a seed is the same every time, and of another seed another")
    func seeded() {
        func draw(_ seed: UInt64) -> [Fault?] {
            let injector = FaultInjector(.seeded(seed, rate: 0.5))
            return (0..<100).map { _ in injector.draw(at: .write) }
        }
        #expect(draw(1) == draw(1))
        #expect(draw(1) != draw(2))
        #expect(Set(draw(1).compactMap { $0 }) == [.fail, .failAfter, .delay, .duplicate])
    }

    @Test("for every single fault covers each fault of each seam")
    func everySingleFault() {
        let expected = Seam.all.reduce(0) { $0 + $1.faults.count } * 5
        #expect(FaultPlan.everySingleFault.count == expected)
        #expect(Set(FaultPlan.everySingleFault).count == expected)
    }

    @Test("can be quietened")
    func quieten() {
        let injector = FaultInjector(.seeded(1, rate: 1))
        #expect(injector.draw(at: .states) != nil)
        injector.quieten()
        #expect(injector.draw(at: .states) == nil)
    }
}

@Suite("Fault decorators")
struct FaultDecoratorTests {
    private let partition = StreamPartition(
        stream: StreamIdentity(name: StreamName(cluster: "local", topic: "events")), partition: 0)

    private func batch(_ from: Int64, _ to: Int64) -> ScoredBatch {
        ScoredBatch(ranges: [OffsetRange(partition: self.partition, from: from, to: to)])
    }

    private func stand(of store: InMemoryStore) async throws -> Int64? {
        try await store.positions(of: self.partition.stream.name, partitions: [0]).stored[0]?.nextOffset
    }

    @Test("fail a write before anything is written")
    func failBefore() async throws {
        let base = InMemoryStore(domain: .telco)
        let store = FaultyStore(base, injector: FaultInjector(.single(.fail, on: .write, call: 1)))
        let error = await #expect(throws: ChurnError.self) { _ = try await store.write(self.batch(0, 5)) }
        #expect(error?.code == .storeUnavailable)
        #expect(error?.disposition == .retry)
        #expect(try await self.stand(of: base) == nil)
    }

    @Test("report an unknown outcome after everything is written")
    func failAfter() async throws {
        let base = InMemoryStore(domain: .telco)
        let store = FaultyStore(base, injector: FaultInjector(.single(.failAfter, on: .write, call: 1)))
        let error = await #expect(throws: ChurnError.self) { _ = try await store.write(self.batch(0, 5)) }
        #expect(error?.code == .commitOutcomeUnknown)
        #expect(error?.disposition == .retry)
        #expect(try await self.stand(of: base) == 5)
    }

    @Test("write twice, which the fence makes one")
    func writeTwice() async throws {
        let written = Locked(0)
        let base = InMemoryStore(domain: .telco, onChange: { _ in written.withLock { $0 += 1 } })
        let store = FaultyStore(base, injector: FaultInjector(.single(.duplicate, on: .write, call: 1)))
        guard case .written = try await store.write(self.batch(0, 5)) else {
            Issue.record("the batch was not written")
            return
        }
        #expect(written.withLock { $0 } == 1)
    }

    @Test("refuse the events that the store is set to refuse")
    func refuse() async throws {
        let base = InMemoryStore(domain: .telco)
        let store = FaultyStore(base, injector: FaultInjector(.none)) { $0.customerID == "bad" }
        var batch = self.batch(0, 1)
        let time = Timestamp(microseconds: 0)
        batch.events = [
            ScoredEvent(
                eventID: 1,
                event: CustomerEvent(
                    position: StreamPosition(partition: self.partition, offset: 0), customerID: "bad",
                    type: EventType(rawValue: "e"), time: time, recordTime: time, json: []), prediction: nil)
        ]
        let error = await #expect(throws: ChurnError.self) { _ = try await store.write(batch) }
        #expect(error?.disposition == .reject)
        #expect(try await self.stand(of: base) == nil)
    }

    @Test("keep the contracts of store and predictor when nothing goes wrong")
    func transparent() async {
        for check in TransactionalStoreContract.checks {
            let violations = await check.violations {
                let base = InMemoryStore(domain: .telco)
                return StoreUnderTest(store: StoreFront(base: base), domain: .telco)
            }
            #expect(violations.isEmpty, "\(violations)")
        }
        for check in PredictorContract.checks {
            let violations = await check.violations {
                PredictorUnderTest(
                    predictor: FaultyPredictor(DigestPredictor(domain: .telco), injector: FaultInjector(.none)),
                    domain: .telco)
            }
            #expect(violations.isEmpty, "\(violations)")
        }
    }

    @Test(
        "lose, repeat and reorder what is broadcast",
        arguments: [(.lose, [1, 2]), (.duplicate, [0, 0, 1, 2]), (.reorder, [1, 0, 2])] as [(Fault, [Int64])])
    func broadcast(_ fault: Fault, _ expected: [Int64]) {
        let got = Locked<[Int64]>([])
        let broadcaster = FaultyBroadcaster(
            InMemoryBroadcaster(handler: { blocks in got.withLock { $0 += blocks.flatMap(\.numbers) } }),
            injector: FaultInjector(.single(fault, on: .publish, call: 1)))
        for number in Int64(0)..<3 {
            broadcaster.publish([
                UpdateBlock(partition: self.partition, previous: nil, numbers: [number], bytes: [0], ends: [1])
            ])
        }
        #expect(got.withLock { $0 } == expected)
    }

    @Test(
        "deliver batches twice or late once the sink has confirmed the partition",
        arguments: [(.duplicate, [0, 1, 1, 2]), (.reorder, [0, 2, 1])] as [(Fault, [Int64])])
    func source(_ fault: Fault, _ expected: [Int64]) async throws {
        let log = InMemoryEventLog()
        for _ in 0..<3 { log.append(value: Array(#"{"event_type": "e", "user_id": "c"}"#.utf8)) }
        log.finish()
        var configuration = InMemoryEventSource.Configuration()
        configuration.batchSize = 1
        let clock = ManualClock()
        let source = FaultyEventSource(
            InMemoryEventSource(log: log, decoder: EventDecoder(domain: .telco), configuration: configuration),
            injector: FaultInjector(.single(fault, on: .sourceNext, call: 2)), clock: clock)
        try await source.start(positions: InMemoryStore(domain: .telco))
        var offsets: [Int64] = []
        while let batch = try await source.nextBatch() {
            offsets += batch.ranges.map(\.from)
            await source.commit(batch.ranges)
        }
        #expect(offsets == expected)
    }

    @Test("leave alone a partition that the sink may not know yet")
    func unconfirmed() async throws {
        let log = InMemoryEventLog()
        for _ in 0..<3 { log.append(value: Array(#"{"event_type": "e", "user_id": "c"}"#.utf8)) }
        log.finish()
        var configuration = InMemoryEventSource.Configuration()
        configuration.batchSize = 1
        let source = FaultyEventSource(
            InMemoryEventSource(log: log, decoder: EventDecoder(domain: .telco), configuration: configuration),
            injector: FaultInjector(.every(.duplicate, on: .sourceNext)))
        try await source.start(positions: InMemoryStore(domain: .telco))
        var offsets: [Int64] = []
        while let batch = try await source.nextBatch() { offsets += batch.ranges.map(\.from) }
        #expect(offsets == [0, 1, 2])
    }

    @Test("wait as long as the clock says")
    func delay() async throws {
        let clock = ManualClock()
        let predictor = FaultyPredictor(
            DigestPredictor(domain: .telco),
            injector: FaultInjector(
                .single(.delay, on: .predict, call: 1), clock: clock, longestDelay: .seconds(10)))
        try await withThrowingTaskGroup(of: [Double].self) { group in
            group.addTask { try await predictor.predict([]) }
            await clock.waitForSleepers()
            clock.advance(by: .seconds(10))
            let scores = try await group.next()
            #expect(scores == [])
        }
    }
}
