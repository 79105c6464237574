import ChurnCore

/// A sink's positions, as far as a source needs one: what was read is stored at once.
final class StoredPositions: PositionStore {
    private struct State {
        var stored: [Int32: StoredPosition] = [:]
        var partitionCount: Int?
        var epoch: Int32 = 0
        var failures = 0
        var questions: [[Int32]] = []
    }

    private let state = Locked(State())

    init(_ stored: [Int32: Int64] = [:], partitionCount: Int? = nil) {
        self.state.withLock { $0.partitionCount = partitionCount }
        for (partition, offset) in stored { self[partition] = offset }
    }

    subscript(partition: Int32) -> Int64? {
        get { self.state.withLock { $0.stored[partition]?.nextOffset } }
        set { self.state.withLock { $0.stored[partition] = newValue.map { StoredPosition(nextOffset: $0) } } }
    }

    /// Makes this many questions fail from now on.
    func fail(times: Int) { self.state.withLock { $0.failures = times } }
    func begin(epoch: Int32) {
        self.state.withLock { state in
            state.epoch = epoch
            state.stored = [:]
            state.partitionCount = nil
        }
    }
    var questions: [[Int32]] { self.state.withLock { $0.questions } }

    func store(_ ranges: [OffsetRange]) {
        for range in ranges { self[range.partition.partition] = range.to }
    }

    func positions(of stream: StreamName, partitions: [Int32]) async throws -> StreamPositions {
        try self.state.withLock { state in
            state.questions.append(partitions)
            if state.failures > 0 {
                state.failures -= 1
                throw ChurnError(.storeUnavailable, .retry, during: "reading positions")
            }
            return StreamPositions(
                stream: StreamIdentity(name: stream, epoch: state.epoch),
                stored: state.stored.filter { partitions.contains($0.key) }, partitionCount: state.partitionCount)
        }
    }

    func pin(
        _ starts: [Int32: Int64], of stream: StreamIdentity, partitionCount: Int?
    ) async throws -> StreamPositions {
        self.state.withLock { state in
            guard state.epoch == stream.epoch else { return }
            state.stored.merge(starts.mapValues { StoredPosition(nextOffset: $0) }) { stored, _ in stored }
            state.partitionCount = state.partitionCount ?? partitionCount
        }
        return try await self.positions(of: stream.name, partitions: Array(starts.keys))
    }
}
