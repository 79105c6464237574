import ChurnCore
import Dispatch

/// The whole pipeline over in-memory parts, with everything going wrong that a seed can think of, and a recount of what
/// the tables must hold.
///
/// Processes are killed at any call, stopped and woken again, and partitions move between them while old prefetches
/// still lie there. Calls fail before and after their work, are late, and happen twice or out of order. Records are
/// bad, of unknown customers, without keys, or sent twice; other programs change customers. The same seed gives the
/// same run, on one thread and in virtual time.
public struct Simulation: Sendable {
    /// The scenario of a simulation.
    public struct Scenario: Sendable {
        /// The number of records that are produced.
        public var records = 80
        /// The number of customers.
        public var customers = 10
        /// The number of partitions of the log.
        public var partitions: Int32 = 3
        /// The number of processes that share the partitions.
        public var processes = 2
        /// The probability with which a call goes wrong.
        public var faultRate = 0.06
        /// The plan of faults where `faultRate` is 0.
        public var plan = FaultPlan.none
        /// Whether processes are killed, stopped and rebalanced.
        public var hasDisasters = true
        /// Whether writes take their time, so that other batches are prepared and other writers come first meanwhile.
        public var hasSlowWrites = true
        /// Whether all records of a customer are in one partition.
        public var isKeyed = true
        /// Whether records may be bad, refused, or of unknown customers.
        public var hasBadRecords = true
        /// Whether other programs change customers meanwhile.
        public var hasForeignUpdates = true

        /// Creates a scenario with everything switched on.
        public init() {}

        /// One process over keyed events to which nothing happens but writes that take their time, so that the next
        /// batch is prepared meanwhile.
        public static var calm: Scenario {
            var scenario = Scenario()
            scenario.processes = 1
            scenario.faultRate = 0
            scenario.hasDisasters = false
            scenario.hasBadRecords = false
            scenario.hasForeignUpdates = false
            return scenario
        }

        /// The scenario that a seed stands for: most of everything, and now and then something left out.
        public static func seeded(_ seed: UInt64) -> Scenario {
            var random = SeededRandom(seed: seed, stream: 3)
            var scenario = Scenario()
            scenario.records = 20 + random.index(below: 60)
            scenario.customers = 3 + random.index(below: 12)
            scenario.partitions = Int32(1 + random.index(below: 4))
            scenario.processes = 1 + random.index(below: 3)
            scenario.faultRate = random.chance(0.1) ? 0 : 0.15 * random.uniform()
            scenario.hasDisasters = random.chance(0.85)
            scenario.hasSlowWrites = random.chance(0.6)
            scenario.isKeyed = random.chance(0.65)
            scenario.hasBadRecords = random.chance(0.8)
            scenario.hasForeignUpdates = random.chance(0.5)
            return scenario
        }
    }

    private let seed: UInt64
    private let scenario: Scenario
    private let maximumJobs: Int

    /// Creates a simulation.
    ///
    /// - Parameters:
    ///   - seed: decides everything that is left to chance.
    ///   - scenario: what may happen; nil for what the seed stands for.
    ///   - maximumJobs: after how many steps a run counts as endless.
    public init(seed: UInt64, scenario: Scenario? = nil, maximumJobs: Int = 2_000_000) {
        self.seed = seed
        self.scenario = scenario ?? .seeded(seed)
        self.maximumJobs = maximumJobs
    }

    /// Runs the simulation and recounts.
    public func run() async -> SimulationReport {
        let world = SimulatedWorld(seed: self.seed, scenario: self.scenario)
        let executor = SimulationExecutor(seed: self.seed)
        let director = SimulationDirector(world: world)
        let box = ReportBox()
        // Owned by this call: the loop below runs it to its end, or finds that it has none and cancels it.
        let task = Task(executorPreference: executor) { box.set(await director.run()) }
        let maximumJobs = self.maximumJobs
        let ending = await withCheckedContinuation { continuation in
            // The loop keeps a thread busy, which must not be one of Swift's few.
            DispatchQueue.global().async {
                continuation.resume(
                    returning: executor.run(clock: world.clock, maximumJobs: maximumJobs) { box.report != nil })
            }
        }
        task.cancel()
        var report = box.report ?? SimulationReport(seed: self.seed)
        if ending.ending != .done {
            report.violations.append(
                SimulationViolation(check: .liveness, message: "the run is \(ending.ending) after \(ending.jobs) steps")
            )
        }
        report.violations += world.findings.violations
        report.faults = world.faultCount
        report.lockedWrites = world.lockedWrites
        if box.report != nil { await Recount(world: world).check(&report) }
        return report
    }

    private final class ReportBox: Sendable {
        private let stored = Locked<SimulationReport?>(nil)
        var report: SimulationReport? { self.stored.withLock { $0 } }
        func set(_ report: SimulationReport) { self.stored.withLock { $0 = report } }
    }
}
