/// A violation that a simulation found.
public struct SimulationViolation: Hashable, Sendable, CustomStringConvertible {
    /// A property that is checked at the end of a simulation, or while it runs.
    public enum Check: String, Hashable, Sendable, CaseIterable {
        /// Every record is in the tables exactly once: as an event or as a dead letter.
        case coverage
        /// The tables follow the order of each partition.
        case order
        /// Scores, versions and duplicates are those of a recount.
        case scores
        /// The customers' rows at the end are those of a recount.
        case customers
        /// Dead letters are complete, with their reasons, and are applied once at most.
        case deadLetters
        /// A reader that resumes by cursor gets every update once, in order, without a hole.
        case updates
        /// The stored positions stand at the ends of the partitions.
        case positions
        /// Progress is reported to the transport only after it is stored.
        case commits
        /// Only what is durable is broadcast.
        case broadcasts
        /// A pipeline that is alone never has to prepare a batch again.
        case conflicts
        /// Everything comes to an end.
        case liveness
    }

    /// The check that failed.
    public let check: Check
    /// The observation.
    public let message: String

    /// Check and message in one line.
    public var description: String { "\(self.check.rawValue): \(self.message)" }
}

/// The course of a simulation, and its violations.
public struct SimulationReport: Sendable, CustomStringConvertible {
    /// The seed; the same seed gives the same run.
    public let seed: UInt64
    /// The violations; empty for a good run.
    public internal(set) var violations: [SimulationViolation] = []
    /// The number of records that were produced.
    public internal(set) var records = 0
    /// The number of batches that were written.
    public internal(set) var batches = 0
    /// The number of calls that went wrong.
    public internal(set) var faults = 0
    /// The number of times that a process was killed.
    public internal(set) var kills = 0
    /// The number of times that a process was stopped and went on later.
    public internal(set) var pauses = 0
    /// The number of times that partitions moved between processes.
    public internal(set) var rebalances = 0
    /// The number of batches that were folded again under locks.
    public internal(set) var lockedWrites = 0
    /// A digest of all that was written, in its order; equal for equal runs.
    public internal(set) var digest: UInt64 = 0

    init(seed: UInt64) { self.seed = seed }

    /// Everything in a few lines; begins with the seed.
    public var description: String {
        let head =
            "seed \(self.seed): \(self.records) records, \(self.batches) batches, \(self.faults) faults, "
            + "\(self.kills) kills, \(self.pauses) pauses, \(self.rebalances) rebalances"
        return ([head] + self.violations.prefix(12).map(\.description)).joined(separator: "\n  ")
    }
}
