import ChurnCore

/// The partitions that this process reads and the next step for each of them: a value that knows nothing of Kafka.
///
/// ``handle(_:)`` takes in what happened and returns what follows at once. ``due(_:isCooperative:)`` says what else is
/// to be done; it is asked once a tick, and what became of that is handled in turn. What fails changes nothing, so it
/// is due again.
struct Assignment {
    /// A question to the sink, which the task that waits for batches asks on the thread's behalf.
    struct Question: Equatable, Sendable {
        enum Kind: Equatable {
            case positions([Int32])
            case pin([Int32: Int64], of: StreamIdentity, partitionCount: Int?)
        }
        var id: Int
        var kind: Kind
    }

    enum Input {
        /// Partitions came: from the group, which waits for an answer, or because they were found.
        case gained([Int32], isOwed: Bool)
        /// The group took partitions away; all, unless it is cooperative.
        case revoked([Int32], isCooperative: Bool)
        /// The stored positions count again, whatever was read since.
        case restarted(Set<Int32>)
        /// The sink answered a question.
        case answered(id: Int, StreamPositions)
        /// The brokers said where partitions start.
        case resolved([Int32: Int64])
        /// librdkafka took over what was due.
        case handedOver(isCooperative: Bool)
        /// librdkafka moved what was due, except these.
        case sought(left: Set<Int32>)
        /// Records of partitions were passed over.
        case overflowed(Set<Int32>)
        /// A partition cannot go on.
        case stopped(Int32, reason: String)
        /// Stopped partitions may have been moved.
        case recheck
    }

    enum Step: CaseIterable { case lookUp, ask, seek, handOver }

    enum Action: Equatable {
        /// Throw away what was read ahead.
        case drop(Set<Int32>)
        /// Answer a revocation.
        case release([Int32])
        case releaseAll
        /// Find out where partitions start; those that were added later (`true`) at their beginning.
        case lookUp([Int32: Bool])
        /// Ask the sink this instead of what it was asked before, or nothing.
        case ask(Question?)
        /// Move partitions that are read.
        case seek([Int32: Int64])
        /// Read these and no others.
        case assign([Int32: Int64])
        /// Read these too, after some of them were given up.
        case add([Int32: Int64], afterRemoving: [Int32])
    }

    var stream: StreamName
    private(set) var partitions: [Int32: PartitionState] = [:]
    /// The number of the topic's partitions when this process first saw it.
    var partitionCount: Int?
    /// Whether the group waits for an answer to an assignment.
    private var owesAnswer = false
    private var question: Question?
    private var questions = 0
    private var isRechecking = false
    /// The offsets at which this process began to read partitions, also after they left it.
    ///
    /// Counts where the sink has lost its position, as a standby that was promoted may have.
    private var origins: [StreamPartition: Int64] = [:]
    private static let maximumSeeks = 20

    init(stream: StreamName) { self.stream = stream }

    // MARK: What happened

    mutating func handle(_ input: Input) -> [Action] {
        switch input {
        case .gained(let numbers, let isOwed):
            self.owesAnswer = isOwed || self.owesAnswer
            self.question = nil
            for number in numbers {
                self.partitions[number] = PartitionState(
                    partition: StreamPartition(stream: StreamIdentity(name: self.stream), partition: number))
            }
        case .revoked(let numbers, let isCooperative):
            let leaving = isCooperative ? Set(numbers) : Set(self.partitions.keys)
            let assigned = leaving.filter { self.partitions[$0]?.isAssigned == true }.sorted()
            for number in leaving { self.partitions[number] = nil }
            (self.owesAnswer, self.question) = (false, nil)
            return [.drop(leaving), isCooperative ? .release(assigned) : .releaseAll]
        case .restarted(let numbers):
            self.update(numbers) { if $0.stopReason == nil { $0.phase = .unknown } }
            (self.isRechecking, self.question) = (true, nil)
            return [.drop(numbers)]
        case .answered(let id, let positions):
            guard let question, question.id == id else { break }
            (self.question, self.isRechecking) = (nil, false)
            for number in question.kind.partitions { self.place(number, by: positions) }
        case .resolved(let starts):
            for (number, start) in starts { self.update([number]) { $0.phase = .unpinned(start) } }
        case .handedOver(let isCooperative):
            self.owesAnswer = false
            self.update(self.partitions.keys) { state in
                guard state.phase == .ready || (!isCooperative && state.isRead) else {
                    if !isCooperative { (state.isAssigned, state.isFetching) = (false, false) }
                    return
                }
                (state.isAssigned, state.isFetching, state.hasDelivered, state.phase) = (true, true, false, .reading)
            }
        case .sought(let left):
            self.update(self.partitions.keys) { state in
                guard case .seeking(let attempts) = state.phase else { return }
                if !left.contains(state.partition.partition) {
                    state.phase = .reading
                } else if attempts < Self.maximumSeeks {
                    state.phase = .seeking(attempts: attempts + 1)
                } else {
                    // librdkafka does not fetch it (any more): assign it again.
                    (state.phase, state.isFetching) = (.ready, false)
                }
            }
        case .overflowed(let numbers):
            self.update(numbers) { if $0.phase == .reading { $0.phase = .seeking(attempts: 0) } }
        case .stopped(let number, let reason):
            self.update([number]) { ($0.phase, $0.isFetching) = (.stopped(reason: reason), false) }
        case .recheck: self.isRechecking = true
        }
        return []
    }

    /// Goes on behind a record.
    mutating func advance(_ number: Int32, to next: Int64) {
        self.partitions[number]?.next = next
        self.partitions[number]?.hasDelivered = true
    }

    /// Notes that the log of a partition ended for a reader.
    mutating func meet(_ end: PartitionState.End, of number: Int32) { self.partitions[number]?.end = end }

    /// Notes how far the sink has come; nil where the partition is no longer read.
    mutating func commit(_ range: OffsetRange) -> Int64? {
        let number = range.partition.partition
        guard self.partitions[number]?.partition == range.partition else { return nil }
        self.partitions[number]?.committed = range.to
        return range.to
    }

    private mutating func place(_ number: Int32, by positions: StreamPositions) {
        guard var state = self.partitions[number] else { return }
        switch state.phase {
        case .unknown, .unpinned: break
        case .stopped where state.hasMoved(positions): break
        default: return
        }
        state.partition.stream = positions.stream
        if let stored = positions.stored[number]?.nextOffset {
            (state.next, state.start) = (stored, stored)
            state.phase = state.isFetching ? .seeking(attempts: 0) : .ready
            if self.origins[state.partition] == nil { self.origins[state.partition] = stored }
        } else if let origin = self.origins[state.partition] {
            state.phase = .unpinned(origin)
        } else {
            state.phase = .unresolved(count: positions.partitionCount)
        }
        self.partitions[number] = state
    }

    private mutating func update(_ numbers: some Sequence<Int32>, _ change: (inout PartitionState) -> Void) {
        for number in Array(numbers) {
            guard var state = self.partitions[number] else { continue }
            change(&state)
            self.partitions[number] = state
        }
    }

    // MARK: What is to be done

    mutating func due(_ step: Step, isCooperative: Bool) -> Action? {
        switch step {
        case .lookUp:
            let waiting: [Int32: Bool] = self.collect { state in
                guard case .unresolved(let count) = state.phase else { return nil }
                return Int(state.partition.partition) >= count ?? self.partitionCount ?? .max
            }
            return waiting.isEmpty ? nil : .lookUp(waiting)
        case .ask:
            let wanted = self.wanted
            guard wanted != self.question?.kind else { return nil }
            self.questions += 1
            self.question = wanted.map { Question(id: self.questions, kind: $0) }
            return .ask(self.question)
        case .seek:
            let moving = self.collect { if case .seeking = $0.phase { $0.next } else { nil } }
            return moving.isEmpty ? nil : .seek(moving)
        case .handOver:
            // The sink's answer is there soon; a partition without a leader must not keep the others back.
            let isAsking = self.partitions.values.contains { $0.phase == .unknown }
            let ready = self.collect { $0.phase == .ready ? $0.next : nil }
            guard !isAsking, self.owesAnswer || !ready.isEmpty else { return nil }
            if isCooperative {
                return .add(
                    ready, afterRemoving: ready.keys.filter { self.partitions[$0]?.isAssigned == true }.sorted())
            }
            return .assign(self.collect { $0.phase == .ready || $0.isRead ? $0.next : nil })
        }
    }

    private var wanted: Question.Kind? {
        let unpinned = self.collect { if case .unpinned(let start) = $0.phase { start } else { nil } }
        if let number = unpinned.keys.min(), let stream = self.partitions[number]?.partition.stream {
            return .pin(
                unpinned.filter { self.partitions[$0.key]?.partition.stream == stream }, of: stream,
                partitionCount: self.partitionCount)
        }
        let asking = self.collect { $0.phase == .unknown || (self.isRechecking && $0.stopReason != nil) ? true : nil }
        return asking.isEmpty ? nil : .positions(asking.keys.sorted())
    }

    private func collect<Value>(_ value: (PartitionState) -> Value?) -> [Int32: Value] {
        self.partitions.compactMapValues(value)
    }
}

extension Assignment.Question.Kind {
    /// The partitions that the question is about.
    var partitions: [Int32] {
        switch self {
        case .positions(let numbers): numbers
        case .pin(let starts, _, _): Array(starts.keys)
        }
    }
}
