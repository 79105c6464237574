public import ChurnCore
public import ChurnInsight

extension InMemoryStore: RiskSnapshotLog {
    /// This many hours are kept: what yesterday needs, and some more for clocks that differ.
    private static let snapshotsKept = 48

    /// Keeps a snapshot, unless there is one of its hour.
    public func record(_ snapshot: RiskSnapshot) async throws {
        let hour = HourlyScores.hour(of: snapshot.time)
        self.tables.withLock { tables in
            guard !tables.snapshots.contains(where: { HourlyScores.hour(of: $0.time) == hour }) else { return }
            let index = tables.snapshots.firstIndex { $0.time > snapshot.time } ?? tables.snapshots.count
            tables.snapshots.insert(snapshot, at: index)
            if tables.snapshots.count > Self.snapshotsKept { tables.snapshots.removeFirst() }
        }
    }

    /// The snapshots that were taken at `time` or later.
    public func riskSnapshots(since time: Timestamp) async throws -> [RiskSnapshot] {
        self.tables.withLock { tables in tables.snapshots.filter { $0.time >= time } }
    }
}
