import ChurnCore
import ChurnMemory

/// The parts that outlive the processes of a simulation: clock, log, store, and all that was seen of them.
final class SimulatedWorld: Sendable {
    static let start = Timestamp(microseconds: 1_767_225_600_000_000)

    let scenario: Simulation.Scenario
    let seed: UInt64
    let clock: ManualClock
    let log: InMemoryEventLog
    let store: InMemoryStore
    let findings = SimulationFindings()
    /// Every change of the store, in order.
    let changes: ChangeHistory
    /// Every block that was broadcast.
    let published = Locked<[UpdateBlock]>([])
    let records = Locked<[Int32: [SimulatedRecord]]>([:])
    /// Whether what was refused before is accepted now.
    let isMended = Locked(false)
    let customers: [CustomerState]
    let ghosts: [CustomerState]
    private let injectors = Locked<[FaultInjector]>([])

    init(seed: UInt64, scenario: Simulation.Scenario) {
        let clock = ManualClock()
        let now: @Sendable () -> Timestamp = { Self.start.advanced(by: clock.now.offset) }
        let changes = ChangeHistory()
        self.seed = seed
        self.scenario = scenario
        self.clock = clock
        self.changes = changes
        self.log = InMemoryEventLog(
            name: StreamName(cluster: "simulation", topic: "user_events_topic"), partitions: scenario.partitions,
            now: now)
        var configuration = InMemoryStore.Configuration()
        configuration.updateBlocksKept = 100_000
        self.store = InMemoryStore(
            domain: .telco, configuration: configuration, now: now, onChange: { changes.append($0) })
        let samples = StoreSamples(domain: .telco)
        self.customers = (0..<scenario.customers).map { samples.customer("customer-\($0)", $0 + Int(seed % 97)) }
        self.ghosts = SimulatedInput.ghosts.enumerated().map { samples.customer($0.element, 50 + $0.offset) }
    }

    /// Appends a record to the log.
    func produce(_ record: SimulatedRecord) {
        var record = record
        record.offset = self.log.append(key: record.key, value: record.value, partition: record.partition).offset
        self.records.withLock { $0[record.partition, default: []].append(record) }
    }

    /// Starts a process over some partitions of the log.
    func process(partitions: Set<Int32>, random: inout SeededRandom) -> (SimulatedProcess, Pipeline) {
        var configuration = InMemoryEventSource.Configuration()
        configuration.batchSize = 1 + random.index(below: 12)
        configuration.linger = .milliseconds(random.index(below: 6))
        let source = InMemoryEventSource(
            log: self.log, decoder: EventDecoder(domain: .telco), partitions: partitions,
            configuration: configuration, clock: self.clock)
        let process = SimulatedProcess(source: source)
        return (process, self.pipeline(process, source, &random))
    }

    /// Starts a process that sends dead letters again.
    func retryProcess(isLast: Bool, random: inout SeededRandom) -> (SimulatedProcess, Pipeline) {
        let unused = InMemoryEventSource(log: self.log, decoder: EventDecoder(domain: .telco), partitions: [])
        let process = SimulatedProcess(source: unused)
        let chosen = random.chance(0.5) ? nil : Set((0..<8).map { _ in Int64(1 + random.index(below: 12)) })
        let letters = DeadLetterSource(
            letters: self.store, decoder: EventDecoder(domain: .telco),
            selection: isLast ? .all : chosen.map { .ids($0) } ?? .all, batchSize: 1 + random.index(below: 5))
        return (process, self.pipeline(process, letters, &random))
    }

    /// From now on no call goes wrong.
    func quieten() { for injector in self.injectors.withLock({ $0 }) { injector.quieten() } }

    /// Faults that happened so far.
    var faultCount: Int { self.injectors.withLock { $0 }.reduce(0) { $0 + $1.faultCount } }
    /// Batches that were folded under locks so far.
    var lockedWrites: Int { self.injectors.withLock { $0 }.reduce(0) { $0 + $1.calls(on: .lockedWrite) } }

    /// Returns the checkpoint at which the process may die or stop, and where its writes take their time if they are slow.
    private func checkpoint(_ process: SimulatedProcess, _ seed: UInt64) -> FaultInjector.Checkpoint {
        guard self.scenario.hasSlowWrites else { return { try await process.checkpoint($0, $1) } }
        let times = WriteTimes(seed: seed)
        return { seam, hasReturned in
            try await process.checkpoint(seam, hasReturned)
            guard seam == .write, !hasReturned else { return }
            try await self.clock.sleep(for: times.next())
            try await process.checkpoint(seam, hasReturned)
        }
    }

    private func pipeline(
        _ process: SimulatedProcess, _ source: any EventSource, _ random: inout SeededRandom
    ) -> Pipeline {
        let rate = self.scenario.faultRate
        let plan = rate > 0 ? FaultPlan.seeded(random.next(), rate: rate) : self.scenario.plan
        let injector = FaultInjector(plan, clock: self.clock, checkpoint: self.checkpoint(process, random.next()))
        self.injectors.withLock { $0.append(injector) }
        let watched = WatchedSource(base: source, store: self.store, findings: self.findings)
        let broadcaster = InMemoryBroadcaster(handler: { blocks in
            if !process.isDead { self.published.withLock { $0 += blocks } }
        })
        var configuration = PipelineConfiguration()
        configuration.backoff = Backoff(initial: .milliseconds(5), maximum: .milliseconds(80), jitter: 0)
        // Mostly with overlap, whose order of things is the harder one.
        if random.next() % 4 != 0 { configuration.overlapThreshold = 0 }
        configuration.failpoints = Failpoints { _ in try await process.checkpoint(.publish, false) }
        return Pipeline(
            source: FaultyEventSource(watched, injector: injector, clock: self.clock),
            store: FaultyStore(self.store, injector: injector) { event in
                event.type.rawValue == SimulatedInput.poisonType && !self.isMended.withLock { $0 }
            },
            models: ModelSlot(
                FaultyPredictor(DigestPredictor(domain: .telco), injector: injector) { row in
                    row[4] == .number(SimulatedInput.poisonTenure) && !self.isMended.withLock { $0 }
                }),
            broadcaster: FaultyBroadcaster(broadcaster, injector: injector), domain: .telco,
            configuration: configuration, environment: Pipeline.Environment(clock: self.clock))
    }
}

/// Every change of a store, in the order of the writes.
final class ChangeHistory: Sendable {
    private let stored = Locked<[InMemoryStore.Change]>([])
    var all: [InMemoryStore.Change] { self.stored.withLock { $0 } }
    func append(_ change: InMemoryStore.Change) { self.stored.withLock { $0.append(change) } }
}

/// The durations of a process's writes.
private final class WriteTimes: Sendable {
    private let random: Locked<SeededRandom>
    init(seed: UInt64) { self.random = Locked(SeededRandom(seed: seed)) }
    func next() -> Duration { self.random.withLock { .microseconds($0.index(below: 15_000)) } }
}
