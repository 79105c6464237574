/// What the pipeline's loop knows: which batch waits, which is being written, and what follows from it.
///
/// A value.
struct PipelineFlow {
    enum Preparation {
        case prepared(BatchPreparer.Prepared)
        /// Preparing failed because of the data; the committer narrows it down.
        case refused
    }

    /// From how many events on a batch that is being written lets the next be pulled.
    let overlapThreshold: Int
    var isPulling = false
    private(set) var isWriting = false
    /// Whether the batch that is being written is large enough for the next to be pulled beside it.
    private var writesLargeBatch = false
    private(set) var hasEnded = false
    /// A batch with the models that score it, however often it must be prepared.
    struct Assigned {
        var events: EventBatch
        let lineup: ModelLineup
    }

    /// The batch that was pulled and is not being written yet.
    private(set) var waiting: Assigned?
    var preparation: Preparation?
    /// What the batch in flight will leave behind; nil where none is in flight or it is not known.
    private(set) var overlay: Overlay?
    private(set) var chains = UpdateChains()

    init(overlapThreshold: Int) { self.overlapThreshold = overlapThreshold }

    var wantsPull: Bool {
        self.waiting == nil && !self.isPulling && !self.hasEnded && (!self.isWriting || self.writesLargeBatch)
    }

    /// A batch can be prepared once it is known what the batch before it leaves behind.
    var wantsPreparation: Bool {
        self.waiting != nil && self.preparation == nil && (!self.isWriting || self.overlay != nil)
    }

    /// Hands the waiting batch out for writing, if it is prepared and no other is being written.
    mutating func takeForWriting() -> (Assigned, BatchPreparer.Prepared?)? {
        guard !self.isWriting, let assigned = self.waiting, let preparation = self.preparation else { return nil }
        self.waiting = nil
        self.preparation = nil
        self.isWriting = true
        self.writesLargeBatch =
            assigned.events.entries.count + assigned.events.rejections.count >= self.overlapThreshold
        switch preparation {
        case .prepared(let prepared):
            self.overlay = Overlay(prepared.scored.batch, after: prepared.chains)
            return (assigned, prepared)
        case .refused:
            self.overlay = nil
            return (assigned, nil)
        }
    }

    /// Takes up what a pull returned.
    ///
    /// An interrupted pull that returns nothing does not mean that the source ended.
    mutating func pulled(_ batch: Assigned?, isStopping: Bool, isInterrupted: Bool = false) {
        self.isPulling = false
        if let batch {
            if !batch.events.isEmpty, !isStopping { self.waiting = batch }
        } else if !isInterrupted {
            self.hasEnded = true
        }
        if isStopping { self.hasEnded = true }
    }

    /// Takes up what became of the batch in flight.
    mutating func wrote(_ result: CommitResult) {
        self.isWriting = false
        self.overlay = nil
        self.chains = result.chains
        if !result.isAsPrepared { self.preparation = nil }
    }

    /// Drops what was read ahead of partitions whose source goes back.
    mutating func drop(_ partitions: Set<StreamPartition>) {
        guard var waiting else { return }
        waiting.events = waiting.events.removing(partitions)
        self.waiting = waiting.events.isEmpty ? nil : waiting
        self.preparation = nil
    }
}
