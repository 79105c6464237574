/// Makes scored batches durable, each all at once and each once only.
public protocol PredictionSink: PositionStore {
    /// Reserves `count` successive event numbers and returns the first.
    ///
    /// Numbers are never given twice, and they are an order: one that is reserved a tenth of a second after another, by
    /// whichever process, is greater. Numbers that are not used leave a hole.
    func reserveEventIDs(_ count: Int) async throws -> Int64

    /// Writes a batch: atomic, and idempotent by range.
    ///
    /// Each range's `from` must equal the partition's stored position (a partition without a row accepts any `from`),
    /// which then becomes its `to`; otherwise nothing at all is written and the outcome is
    /// ``WriteOutcome/fenced(_:)``. Positions are compared and set in the transaction that writes all the rest, with
    /// the rows locked in the partitions' order.
    ///
    /// Two more things fence a partition in the same way: a block of updates whose `previous` is not the stored
    /// ``StoredPosition/lastUpdate`` (its maker read the chain before another writer moved it), and an event from a dead
    /// letter that is done already (two retries numbered their letters differently).
    ///
    /// - Throws: `retry` for a failing infrastructure (``ChurnError/Code/commitOutcomeUnknown`` when it is not known
    ///   whether the batch was written: writing it again is safe and settles it), `reject` when the data was refused.
    func write(_ batch: ScoredBatch) async throws -> WriteOutcome

    /// Makes ready what a write needs and can be had before its turn, and returns the write, which does what
    /// ``write(_:)`` does.
    ///
    /// The pipeline prepares a batch while the one before is being written, so what is done here takes no time from
    /// the database. Preparing makes nothing durable; the write may be called again where it failed, or never. By
    /// default nothing is prepared.
    ///
    /// - Throws: as ``write(_:)``.
    func prepareWrite(of batch: ScoredBatch) async throws -> @Sendable () async throws -> WriteOutcome
}

extension PredictionSink {
    /// Prepares nothing: the write is ``write(_:)``.
    public func prepareWrite(of batch: ScoredBatch) async throws -> @Sendable () async throws -> WriteOutcome {
        { try await self.write(batch) }
    }
}
