public import ChurnCore
public import ChurnInsight

extension InMemoryStore: DriftLog {
    /// Begins an episode; see ``/ChurnInsight/DriftLog/beginDrift(of:columns:window:at:)``.
    public func beginDrift(
        of version: String, columns: [String], window: DriftWindow, at time: Timestamp
    ) async throws -> DriftEpisode? {
        self.tables.withLock { tables in
            let isReported = tables.drift.contains { known in
                known.version == version && known.ended == nil
                    && (time < known.began.advanced(by: DriftEpisode.pause)
                        || known.columns.contains(where: columns.contains))
            }
            if isReported { return nil }
            let episode = DriftEpisode(
                id: Int64(tables.drift.count) + 1, version: version, columns: columns, window: window, began: time)
            tables.drift.append(episode)
            return episode
        }
    }

    /// Ends an episode; see ``/ChurnInsight/DriftLog/endDrift(_:at:)``.
    public func endDrift(_ id: Int64, at time: Timestamp) async throws -> Bool {
        self.tables.withLock { tables in
            guard let index = tables.drift.firstIndex(where: { $0.id == id && $0.ended == nil }) else { return false }
            tables.drift[index].ended = time
            return true
        }
    }

    /// The episodes that last or are recent; see ``/ChurnInsight/DriftLog/driftEpisodes(since:)``.
    public func driftEpisodes(since time: Timestamp) async throws -> [DriftEpisode] {
        self.tables.withLock { tables in
            tables.drift.filter { $0.ended.map { $0 >= time } ?? true }
        }
    }
}
