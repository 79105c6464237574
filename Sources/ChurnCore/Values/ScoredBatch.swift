/// An event as it is logged.
public struct ScoredEvent: Sendable {
    /// Our own number of the event, from ``PredictionSink/reserveEventIDs(_:)``: rising with the time of writing, up to
    /// the moment that a batch takes.
    public var eventID: Int64
    /// The event.
    public var event: CustomerEvent
    /// The score; nil for a duplicate (by `source_event_id`), which is recorded and counted but not scored.
    public var prediction: Prediction?

    /// Creates a logged event.
    public init(eventID: Int64, event: CustomerEvent, prediction: Prediction?) {
        self.eventID = eventID
        self.event = event
        self.prediction = prediction
    }
}

/// A score without an event (scoring everyone, timed re-scoring).
public struct Rescore: Sendable {
    /// Our own number, from the same sequence as event numbers.
    public var eventID: Int64
    /// The score.
    public var prediction: Prediction
    /// The time of the score.
    public var time: Timestamp

    /// Creates a score without an event.
    public init(eventID: Int64, prediction: Prediction, time: Timestamp) {
        self.eventID = eventID
        self.prediction = prediction
        self.time = time
    }
}

/// A customer's state after a batch, and what the batch had read.
public struct StateChange: Sendable {
    /// The state to store.
    public var state: CustomerState
    /// The version that the batch read; the store must still hold it.
    public var readVersion: Int64
    /// Whether a feature differs from what was read.
    public var featuresChanged: Bool
    /// Whether score or alert state differ from what was read, or the time of scoring by more than it may lag.
    public var scoreChanged: Bool

    /// Whether there is anything to store; where not, the store compares the version only.
    public var isWritten: Bool { self.featuresChanged || self.scoreChanged }

    /// Creates a state change.
    public init(state: CustomerState, readVersion: Int64, featuresChanged: Bool, scoreChanged: Bool = true) {
        self.state = state
        self.readVersion = readVersion
        self.featuresChanged = featuresChanged
        self.scoreChanged = scoreChanged
    }
}

/// All that one transaction makes durable.
public struct ScoredBatch: Sendable {
    /// The progress that the batch makes: one range for each partition, sorted by partition.
    public var ranges: [OffsetRange]
    /// Accepted events and duplicates, in order within each partition.
    public var events: [ScoredEvent]
    /// Scores without an event.
    ///
    /// One whose customer moved meanwhile is skipped by the sink, not a conflict.
    public var rescores: [Rescore]
    /// One change for each customer that an event touched, sorted by customer id.
    public var changes: [StateChange]
    /// Records that become dead letters, and dead letters that were refused once more.
    public var rejections: [Rejection]
    /// The updates to publish: at most one block for each partition.
    public var updates: [UpdateBlock]
    /// The outcomes that accepted events report, in the order of the events.
    public var outcomes: [CustomerOutcome]

    /// Creates a scored batch.
    public init(
        ranges: [OffsetRange], events: [ScoredEvent] = [], rescores: [Rescore] = [], changes: [StateChange] = [],
        rejections: [Rejection] = [], updates: [UpdateBlock] = [], outcomes: [CustomerOutcome] = []
    ) {
        self.ranges = ranges
        self.events = events
        self.rescores = rescores
        self.changes = changes
        self.rejections = rejections
        self.updates = updates
        self.outcomes = outcomes
    }
}

extension ScoredEvent {
    /// The key under which the event counts as accepted; nil for a duplicate and for an event without an id.
    package var acceptedKey: SourceEventKey? {
        guard self.prediction != nil, let id = self.event.sourceEventID else { return nil }
        return SourceEventKey(customerID: self.event.customerID, sourceEventID: id)
    }
}

extension ScoredBatch {
    /// The producers' event ids that the batch accepts, in the order of its events.
    package var acceptedKeys: [SourceEventKey] {
        // By their indices: an event is expensive to copy, and most have no id.
        self.events.indices.compactMap {
            self.events[$0].event.sourceEventID == nil ? nil : self.events[$0].acceptedKey
        }
    }
}

/// The outcome of a write.
public enum WriteOutcome: Sendable {
    /// Everything is durable.
    case written
    /// Nothing was written: for these partitions the stored position is not the range's `from`. The value is what is
    /// stored; nil where the partition has no row in this epoch, or the epoch is no longer the stream's current one.
    case fenced([StreamPartition: StoredPosition?])
    /// Nothing was written: another writer moved the version of a customer in the batch, or accepted a
    /// `source_event_id` of it.
    case conflicted
}
