import ChurnCore

/// A sink's positions, as far as a source needs one: what was read is stored at once.
final class StoredPositions: PositionReader {
    private struct State {
        var stored: [Int32: StoredPosition] = [:]
        var epoch: Int32 = 0
        var failures = 0
        var questions: [[Int32]] = []
    }

    private let state = Locked(State())

    init(_ stored: [Int32: Int64] = [:]) {
        for (partition, offset) in stored { self[partition] = offset }
    }

    subscript(partition: Int32) -> Int64? {
        get { self.state.withLock { $0.stored[partition]?.nextOffset } }
        set { self.state.withLock { $0.stored[partition] = newValue.map { StoredPosition(nextOffset: $0) } } }
    }

    /// How many questions fail from now on.
    func fail(times: Int) { self.state.withLock { $0.failures = times } }
    func begin(epoch: Int32) {
        self.state.withLock { state in
            state.epoch = epoch
            state.stored = [:]
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
                stored: state.stored.filter { partitions.contains($0.key) })
        }
    }
}
