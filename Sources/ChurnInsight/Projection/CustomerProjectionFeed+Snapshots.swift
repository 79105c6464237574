import ChurnCore

extension CustomerProjectionFeed {
    /// Keeps the figures of this hour, if this node has not done so, and reads those that others kept.
    ///
    /// All serving nodes do it; the first of an hour counts.
    func keepSnapshot() async throws {
        let now = self.now()
        let hour = HourlyScores.hour(of: now)
        let summary = self.state.withLock { $0.snapshotHour == hour ? nil : $0.projection?.summary(at: now) }
        guard let summary else { return }
        try await self.store.record(RiskSnapshot(summary, at: now))
        try await self.readSnapshots()
        self.state.withLock { $0.snapshotHour = hour }
    }

    /// Reads the snapshots of which one may be yesterday's.
    func readSnapshots() async throws {
        let snapshots = try await self.store.riskSnapshots(since: RiskSnapshot.oldestUseful(at: self.now()))
        self.state.withLock { $0.snapshots = snapshots }
    }
}
