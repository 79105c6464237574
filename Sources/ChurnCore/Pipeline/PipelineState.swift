/// The state of the pipeline's loop: which batch waits, whether one is being written, and what follows from it.
///
/// At most one batch is pulled or waits, and at most one is written. Where several processes change the same customers,
/// they take turns of some batches each. A value; its transitions are a table of tests.
struct PipelineState<Preparation> {
    /// The number of batches that a turn lasts, unless none waits before.
    static var batchesATurn: Int { 16 }

    /// The batch to come.
    enum Next {
        case none
        case pulling(isInterrupted: Bool)
        case pulled(AssignedBatch)
        case prepared(AssignedBatch, Preparation)
        /// The source has ended, or the pipeline is to stop.
        case ended
    }

    /// The batch in flight.
    enum Writing: Equatable {
        case none
        /// So small that the next batch is pulled when it is written, with all that came meanwhile.
        case small
        /// Large enough for the next batch to be pulled beside it, and to be prepared where it is known what this one
        /// leaves behind.
        case large(isKnown: Bool)
        /// It was not written as prepared; the source goes back in these partitions once no pull is under way.
        case goingBack(Set<StreamPartition>)
    }

    /// The turn to change customers, where processes take turns.
    enum Turn: Equatable {
        case none
        case held(batches: Int)
        /// It is given back once the batch in flight is written.
        case over
    }

    /// The next step of the loop.
    enum Action {
        case pull
        case takeTurn
        case endTurn
        case prepare(AssignedBatch)
        case write(AssignedBatch, Preparation)
        /// End the pull, so that the source can go back.
        case interruptPull
        case goBack(Set<StreamPartition>)
        /// Wait for the pull or the write.
        case wait
        case finish
    }

    private(set) var next = Next.none
    private(set) var writing = Writing.none
    private(set) var turn = Turn.none

    /// Returns the next step, which the caller then takes.
    ///
    /// - Parameter isContended: whether other processes change the same customers.
    mutating func advance(isContended: Bool = false) -> Action {
        switch (self.next, self.writing) {
        case (_, .none) where self.turn == .over:
            self.turn = .none
            return .endTurn
        case (.pulling(isInterrupted: false), .goingBack):
            self.next = .pulling(isInterrupted: true)
            return .interruptPull
        case (.pulling, _): return .wait
        case (_, .goingBack(let partitions)):
            self.writing = .none
            return .goBack(partitions)
        case (.none, .none), (.none, .large):
            self.next = .pulling(isInterrupted: false)
            return .pull
        case (.pulled, .none) where isContended && self.turn == .none: return .takeTurn
        case (.pulled(let batch), .none), (.pulled(let batch), .large(isKnown: true)): return .prepare(batch)
        case (.prepared(let batch, let preparation), .none):
            self.next = .none
            return .write(batch, preparation)
        case (.ended, .none): return .finish
        case (.none, _), (.pulled, _), (.prepared, _), (.ended, _): return .wait
        }
    }

    /// The pull returned a batch that holds something, or nil.
    ///
    /// - Parameter isStopping: whether the pipeline is to stop; what was pulled will be delivered again.
    mutating func pulled(_ batch: AssignedBatch?, isStopping: Bool) {
        var batch = batch
        if case .goingBack(let partitions) = self.writing { batch = batch?.removing(partitions) }
        switch (batch, self.next) {
        case _ where isStopping: self.next = .ended
        case (let batch?, _): self.next = .pulled(batch)
        // An interrupted pull that returns nothing does not mean that the source ended.
        case (nil, .pulling(isInterrupted: true)): self.next = .none
        case (nil, _): self.next = .ended
        }
    }

    /// The process has its turn now.
    mutating func tookTurn() { self.turn = .held(batches: Self.batchesATurn) }

    /// The waiting batch was prepared.
    mutating func prepared(_ preparation: Preparation) {
        if case .pulled(let batch) = self.next { self.next = .prepared(batch, preparation) }
    }

    /// The write of the batch that was handed out has begun.
    mutating func beganWriting(_ writing: Writing) {
        self.writing = writing
        guard case .held(let batches) = self.turn else { return }
        self.turn = batches > 1 ? .held(batches: batches - 1) : .over
        // What the next batch is made from is read in the next turn.
        if self.turn == .over, case .large = writing { self.writing = .large(isKnown: false) }
    }

    /// The batch in flight was written as it was prepared.
    mutating func wrote() {
        self.writing = .none
        self.endIdleTurn()
    }

    /// The batch in flight ended otherwise: the next is prepared again, without the partitions in which the source goes
    /// back.
    mutating func wrote(goingBack partitions: Set<StreamPartition>) {
        self.writing = partitions.isEmpty ? .none : .goingBack(partitions)
        switch self.next {
        case .pulled(let batch), .prepared(let batch, _):
            self.next = batch.removing(partitions).map { .pulled($0) } ?? .none
        case .none, .pulling, .ended: break
        }
        self.endIdleTurn()
    }

    /// A turn without a batch that waits is over.
    private mutating func endIdleTurn() {
        switch self.next {
        case .pulled, .prepared: break
        case .none, .pulling, .ended: if self.turn != .none { self.turn = .over }
        }
    }
}
