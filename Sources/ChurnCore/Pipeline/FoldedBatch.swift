/// Carries the batch out of a fold that runs inside a store's transaction.
final class FoldedBatch: Sendable {
    private let stored = Locked(BatchScorer.Scored(batch: ScoredBatch(ranges: [])))

    /// What the last attempt made.
    var scored: BatchScorer.Scored { self.stored.withLock { $0 } }

    func set(_ scored: BatchScorer.Scored) { self.stored.withLock { $0 = scored } }
}
