/// Keeps where the partitions of a stream go on.
///
/// A source asks for positions, pins the partitions that have none, and only then reads: every partition of a batch has
/// a stored position.
public protocol PositionStore: Sendable {
    /// The stream's current identity and the stored progress of these partitions.
    ///
    /// - Throws: an error of disposition `retry` when the store cannot be reached.
    func positions(of stream: StreamName, partitions: [Int32]) async throws -> StreamPositions

    /// Stores the first positions of partitions that have none, and returns what is then stored for all of them.
    ///
    /// Durable when it returns, also where writes are not. A stored position is never changed, so the first of several
    /// callers decides for all of them. Where `stream` is not the stream's current epoch, nothing is stored.
    ///
    /// - Parameters:
    ///   - starts: for each partition the first offset that is to be read.
    ///   - stream: the stream in the epoch that the starts were chosen for.
    ///   - partitionCount: how many partitions the stream has; nil where that is not known. The first count given is
    ///     remembered as ``StreamPositions/partitionCount`` and does not rise: a partition that the stream did not have
    ///     at first stays one that was added later, however late it is read for the first time.
    /// - Throws: an error of disposition `retry` when the store cannot be reached.
    func pin(
        _ starts: [Int32: Int64], of stream: StreamIdentity, partitionCount: Int?
    ) async throws -> StreamPositions
}

extension PositionStore {
    /// The stored positions of partitions, of which those that had none are pinned where `start` says.
    ///
    /// For sources that find their starts without waiting. A stream that begins its next epoch meanwhile is asked for
    /// again.
    ///
    /// - `start`: the first offset of a partition without a position; asked only for those.
    public func pinnedPositions(
        of stream: StreamName, partitions: [Int32], partitionCount: Int?,
        start: (Int32, StreamPositions) throws -> Int64
    ) async throws -> StreamPositions {
        while true {
            var found = try await self.positions(of: stream, partitions: partitions)
            var starts: [Int32: Int64] = [:]
            for number in partitions where found.stored[number] == nil { starts[number] = try start(number, found) }
            if starts.isEmpty { return found }
            let pinned = try await self.pin(starts, of: found.stream, partitionCount: partitionCount)
            guard pinned.stream == found.stream else { continue }
            found.stored.merge(pinned.stored) { _, new in new }
            found.partitionCount = pinned.partitionCount
            return found
        }
    }

    /// Returns the position of a stream of our own, which has one partition and begins at 0.
    package func ownPosition(of stream: StreamName) async throws -> StreamPosition {
        let found = try await self.pinnedPositions(of: stream, partitions: [0], partitionCount: 1) { _, _ in 0 }
        return StreamPosition(
            partition: StreamPartition(stream: found.stream, partition: 0), offset: found.stored[0]?.nextOffset ?? 0)
    }
}
