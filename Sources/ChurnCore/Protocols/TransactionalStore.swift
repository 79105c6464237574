/// A producer's own event id of one customer, for deduplication.
public struct SourceEventKey: Hashable, Sendable {
    /// The customer.
    public var customerID: String
    /// The producer's id of the event.
    public var sourceEventID: String

    /// Creates a key.
    public init(customerID: String, sourceEventID: String) {
        self.customerID = customerID
        self.sourceEventID = sourceEventID
    }
}

extension SourceEventKey: Comparable {
    /// The order in which keys are locked: customer, then id, each by its bytes.
    public static func < (a: Self, b: Self) -> Bool {
        a.customerID.hasBytes(of: b.customerID)
            ? a.sourceEventID.utf8.lexicographicallyPrecedes(b.sourceEventID.utf8)
            : a.customerID.utf8.lexicographicallyPrecedes(b.customerID.utf8)
    }
}

/// The states that a fold reads inside a write transaction.
public struct LockedStates: Sendable {
    /// The customers' states, locked until the transaction ends; unknown customers are absent.
    public var states: [String: CustomerState]
    /// Those of the asked keys that an earlier event already used, within the deduplication window.
    public var accepted: Set<SourceEventKey>

    /// Creates what a fold reads.
    public init(states: [String: CustomerState], accepted: Set<SourceEventKey>) {
        self.states = states
        self.accepted = accepted
    }
}

/// A store that is feature store and sink at once and checks the customers' versions in the write's transaction.
///
/// Event effects, alert state and deduplication need one.
public protocol TransactionalStore: FeatureStore, PredictionSink {
    /// Those of `keys` that an accepted event already used, within the deduplication window before now.
    func accepted(_ keys: [SourceEventKey]) async throws -> Set<SourceEventKey>

    /// Writes a batch, as ``PredictionSink/write(_:)``, and checks versions: where a customer's stored version is not ``StateChange/readVersion``, or an event's `source_event_id` was accepted meanwhile, nothing is written
    /// and the outcome is ``WriteOutcome/conflicted``.
    func write(_ batch: ScoredBatch) async throws -> WriteOutcome

    /// Writes a batch that is made inside the transaction: the positions of `ranges` are compared and locked, the
    /// customers' rows are locked in id order, `fold` makes the batch from what they hold, and it is written. It
    /// cannot be ``WriteOutcome/conflicted``.
    func write(
        ranges: [OffsetRange], customers: [String], keys: [SourceEventKey],
        fold: @Sendable (LockedStates) async throws -> ScoredBatch
    ) async throws -> WriteOutcome

    /// Makes a process the one whose turn it is to change customers, for `duration` from now on; returns whether it is.
    ///
    /// Processes that go on changing the same customers take turns, since a write that is made for states that others
    /// change is made twice. Nothing rests on it but speed: who writes without a turn conflicts.
    ///
    /// - `holder`: names the process; no two have the same name.
    func claimTurn(_ holder: String, for duration: Duration) async throws -> Bool

    /// Lets another process have its turn, if this one has it.
    func endTurn(_ holder: String) async throws
}
