import ChurnCore

/// One partition while this process reads it.
///
/// Used by the source's thread only.
final class Lane {
    /// What a lane is doing.
    enum Phase: Equatable {
        /// The sink was asked for its position.
        case asking
        /// The sink knows no position; the brokers are asked.
        ///
        /// `isNew` starts at the beginning whatever is configured.
        case resolving(isNew: Bool)
        /// The position is known; librdkafka is not yet reading there.
        case ready
        /// librdkafka is to be moved to `next`; whatever still arrives is stale.
        case seeking(attempts: Int)
        /// Records arrive.
        case reading
        /// The partition cannot go on.
        ///
        /// Nothing arrives until its stored position changes.
        case stopped
    }

    var partition: StreamPartition
    var phase = Phase.asking
    /// Where the next range begins.
    ///
    /// Records below it were seen before and are skipped.
    var next: Int64 = 0
    /// How far the sink has come, by the last commit hint.
    var committed: Int64?

    /// Whether librdkafka has it in its assignment.
    var isAssigned = false
    /// Whether a record came since librdkafka got it.
    var hasDelivered = false
    /// Where it stood when it stopped.
    var stoppedAt: Int64?
    /// The place of its range in the records being loaded; nil between loads.
    var loadIndex: Int?

    init(_ partition: StreamPartition) { self.partition = partition }

    /// Whether librdkafka fetches it.
    var isFetching: Bool {
        switch self.phase {
        case .reading, .seeking: true
        default: false
        }
    }

    /// Whether the brokers are being asked for its start.
    var isResolving: Bool { if case .resolving = self.phase { true } else { false } }

    /// Goes on at an offset, which librdkafka must be moved to.
    func start(at offset: Int64, in stream: StreamIdentity, phase: Phase) {
        self.partition.stream = stream
        self.next = offset
        self.phase = phase
    }
}
