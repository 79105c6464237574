/// The pipeline's knowledge without asking the store: the customers that it wrote last, and where its partitions stand.
///
/// What a batch in flight will leave behind is staged and visible to the batch that is prepared meanwhile; it is kept
/// once the batch is written as it was prepared, and dropped otherwise. Being out of date does no harm: a state is
/// written on condition of the version that it was made from. Only the latest score has no version: where another
/// process scores the same customers, a change may be reported from an older score.
///
/// A value.
struct PipelineMemory: Sendable {
    /// The number of batches for which ids are looked up after one came again.
    static let carefulBatches = 64
    /// More than one in this many of a batch's customers must have moved for processes to take turns.
    static let customersPerMove = 20

    /// The memory that a batch leaves.
    struct Trace: Sendable {
        var customers: [KnownCustomer] = []
        /// The versions in which these were read.
        var readVersions: [Int64] = []
        /// The positions of its partitions, and the number of each one's last update.
        var positions: [StreamPartition: StoredPosition] = [:]
    }

    private let half: Int
    /// Takes what is written until it is half of what may be kept, and is then the elder.
    private var young: [String: KnownCustomer] = [:]
    private var old: [String: KnownCustomer] = [:]
    private var positions: [StreamPartition: StoredPosition] = [:]
    private var staged: Trace?
    private var stagedCustomers: [String: Int] = [:]
    private var repeatedBatches = 0
    /// Whether other processes had their turns since the customers were written.
    private var isOutdated = false

    /// Whether other processes change the same customers: they take turns then.
    private(set) var isContended = false

    /// - Parameter capacity: how many customers to keep; 0 for none but those of the batch in flight.
    init(capacity: Int) { self.half = capacity / 2 }

    /// Whether events come again under ids that were accepted: ids are then looked up before a batch is made.
    var hasRepeats: Bool { self.repeatedBatches > 0 }

    /// Those of the customers that are known.
    func customers(_ ids: Set<String>) -> [String: KnownCustomer] {
        guard !self.isOutdated, !self.young.isEmpty || !self.old.isEmpty || self.staged != nil else { return [:] }
        var found: [String: KnownCustomer] = [:]
        found.reserveCapacity(ids.count)
        for id in ids { if let customer = self.customer(id) { found[id] = customer } }
        return found
    }

    private func customer(_ id: String) -> KnownCustomer? {
        if let index = self.stagedCustomers[id], !Mutant.overlayNotRead.isActive {
            return self.staged?.customers[index]
        }
        return self.young[id] ?? self.old[id]
    }

    /// Returns the position of a range's partition, if that is exactly at the range's beginning.
    func position(before range: OffsetRange) -> StoredPosition? {
        let stored = self.staged?.positions[range.partition] ?? self.positions[range.partition]
        return stored?.nextOffset == range.from ? stored : nil
    }

    /// Takes note of what the batch that is being written will leave behind.
    mutating func stage(_ trace: Trace) {
        if self.isOutdated { self.takeStock(of: trace) }
        self.staged = trace
        self.stagedCustomers.reserveCapacity(trace.customers.count)
        for index in trace.customers.indices { self.stagedCustomers[trace.customers[index].state.id] = index }
    }

    /// The batch in flight is written as it was prepared.
    mutating func commit() {
        guard let trace = self.staged else { return }
        self.settle()
        self.positions.merge(trace.positions) { _, new in new }
        guard self.half > 0 else { return }
        for customer in trace.customers {
            if self.young.count >= self.half { (self.old, self.young) = (self.young, [:]) }
            self.young[customer.state.id] = customer
        }
    }

    /// Forgets everything: a write did not leave behind what was prepared, another process has a partition or changes
    /// the same customers.
    ///
    /// - Parameter conflict: what the batch conflicted over, which is taken care of for some time.
    mutating func forget(after conflict: WriteConflict? = nil) {
        self.settle()
        (self.young, self.old, self.positions) = ([:], [:], [:])
        self.isOutdated = false
        switch conflict {
        case .customers(let moved, let count): self.isContended = Self.isContention(moved: moved, of: count)
        case .keys: self.repeatedBatches = Self.carefulBatches
        case nil: break
        }
    }

    /// The process has a turn: what others wrote meanwhile is not known.
    mutating func beganTurn() { self.isOutdated = true }

    /// Returns whether so large a share of customers moved that it was no single update by another program.
    private static func isContention(moved: Int, of count: Int) -> Bool { moved * Self.customersPerMove > count }

    /// There was no turn to be had: batches are written as if no other process changed their customers.
    mutating func leaveTurns() { self.isContended = false }

    /// Forgets the customers, and sees from those of the first batch of a turn whether turns are needed any longer.
    private mutating func takeStock(of trace: Trace) {
        var (known, moved) = (0, 0)
        for (customer, version) in zip(trace.customers, trace.readVersions) {
            guard let before = self.customer(customer.state.id) else { continue }
            known += 1
            if before.state.version != version { moved += 1 }
        }
        // After a conflict nothing is remembered: the next turn shows.
        if known > 0 { self.isContended = Self.isContention(moved: moved, of: known) }
        (self.young, self.old, self.isOutdated) = ([:], [:], false)
    }

    /// Ends the batch in flight.
    private mutating func settle() {
        self.staged = nil
        self.stagedCustomers.removeAll(keepingCapacity: true)
        self.repeatedBatches = max(0, self.repeatedBatches - 1)
    }
}

/// The cause of a batch's conflict.
enum WriteConflict: Sendable {
    /// Another writer changed a customer, or took the batch's numbers; `moved` of its customers stood elsewhere by then.
    case customers(moved: Int, of: Int)
    /// An event's id was accepted before.
    case keys
}
