/// Delivers events in batches, each with the ranges of offsets that it covers.
///
/// One task at a time calls `start`, `nextBatch` and `restart`. Pulling whole batches is the back-pressure: a source
/// reads ahead by a bounded amount only.
public protocol EventSource: Sendable {
    /// Begins to read. Called once, before the first `nextBatch()`.
    ///
    /// For every partition that the source reads now or takes over later it asks `positions` where to start: at the
    /// stored position, else where the transport's own commit stands, else as configured. Such a first position is
    /// pinned before a batch covers any of the partition.
    func start(positions: any PositionStore) async throws

    /// Waits for the next batch; nil when the source has ended.
    ///
    /// Within a partition, successive batches' ranges touch, and records keep their order. Cancelling the task ends the
    /// wait with nil or `CancellationError` and loses nothing.
    ///
    /// - Throws: an error of disposition `retry` when the transport fails; the next call tries again.
    func nextBatch() async throws -> EventBatch?

    /// Throws away what was read ahead of these partitions, reads their stored positions again and goes on from there.
    ///
    /// Every batch delivered afterwards begins at the stored position. Partitions that the source no longer reads are
    /// ignored.
    func restart(_ partitions: Set<StreamPartition>) async throws

    /// Reports to the transport how far the sink has come: a hint for lag tools. Losing it costs nothing.
    func commit(_ ranges: [OffsetRange]) async
}
