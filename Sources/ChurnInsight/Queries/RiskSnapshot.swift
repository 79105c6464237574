public import ChurnCore

/// The figures of a customer base at a moment, one of which is kept for every hour.
public struct RiskSnapshot: Hashable, Sendable {
    /// The time of the snapshot.
    public var time: Timestamp
    /// All customers that have not left, scored or not.
    public var customers: Int
    /// Scored customers by band; a band without customers may be absent.
    public var bands: [RiskBand: Int]
    /// The sum of the value feature over customers whose latest score was above the alert threshold of then.
    public var valueAtRisk: Double
    /// The mean of the latest scores; nil where no customer was scored.
    public var meanProbability: Double?
    /// The customers at risk; nil in snapshots that were taken before they were counted.
    public var atRisk: Int?

    /// Creates a snapshot.
    public init(
        time: Timestamp, customers: Int, bands: [RiskBand: Int], valueAtRisk: Double, meanProbability: Double?,
        atRisk: Int? = nil
    ) {
        self.time = time
        self.customers = customers
        self.bands = bands
        self.valueAtRisk = valueAtRisk
        self.meanProbability = meanProbability
        self.atRisk = atRisk
    }

    /// The scored customers.
    var scored: Int { self.bands.values.reduce(0, +) }

    /// The figures of a summary.
    public init(_ summary: RiskSummary, at time: Timestamp) {
        self.init(
            time: time, customers: summary.customers, bands: summary.bands, valueAtRisk: summary.valueAtRisk,
            meanProbability: summary.meanProbability, atRisk: summary.atRisk)
    }
}

extension RiskSnapshot {
    /// The most by which the age of yesterday's snapshot may differ from a day.
    private static let tolerance: Int64 = 3_600_000_000
    private static let day: Int64 = 24 * 3_600_000_000

    /// The oldest time of which a snapshot can still be yesterday's.
    package static func oldestUseful(at now: Timestamp) -> Timestamp {
        Timestamp(microseconds: now.microseconds - Self.day - Self.tolerance)
    }

    /// The one whose age comes closest to a day; nil where none is about that old.
    package static func yesterday(of now: Timestamp, in snapshots: some Sequence<RiskSnapshot>) -> RiskSnapshot? {
        func distance(_ snapshot: RiskSnapshot) -> Int64 {
            abs(now.microseconds - Self.day - snapshot.time.microseconds)
        }
        return snapshots.filter { distance($0) <= Self.tolerance }.min { distance($0) < distance($1) }
    }
}

/// Keeps the figures of a customer base, one snapshot for each hour.
public protocol RiskSnapshotLog: Sendable {
    /// Keeps a snapshot, unless there is one of its hour.
    func record(_ snapshot: RiskSnapshot) async throws
    /// The snapshots that were taken at `time` or later, oldest first.
    func riskSnapshots(since time: Timestamp) async throws -> [RiskSnapshot]
}
