/// Carries the batch out of a fold that runs inside a store's transaction.
final class FoldedBatch: Sendable {
    private let stored = Locked(ScoredBatch(ranges: []))

    /// The batch of the last attempt.
    var batch: ScoredBatch { self.stored.withLock { $0 } }

    func set(_ batch: ScoredBatch) { self.stored.withLock { $0 = batch } }
}
