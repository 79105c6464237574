import ChurnCore

/// Batches between the source's thread, which fills them, and the one task that asks for them.
final class Prefetch: Sendable {
    /// How much may wait, and when a batch is closed.
    struct Limits: Sendable {
        var batchSize: Int
        var batchBytes: Int
        var linger: Duration
        var records: Int
        var bytes: Int
    }

    /// A question of the thread to the sink, asked by the task on the thread's behalf.
    struct Question: Sendable {
        var id: Int
        var stream: StreamName
        var partitions: [Int32]
    }

    /// What the task finds.
    enum Found {
        case batch(EventBatch)
        case question(Question)
        case failure(ChurnError)
        case nothing
        /// Nothing more will come, because of the error where there is one.
        case end(ChurnError?)
    }

    /// Records on their way into the prefetch.
    struct Load {
        var entries: [EventBatch.Entry] = []
        var rejections: [Rejection] = []
        var ranges: [OffsetRange] = []
        var bytes = 0
        var count: Int { self.entries.count + self.rejections.count }
    }

    /// What the thread should do next.
    struct Room {
        /// How many records fit into the batch that is open; 0 while reading pauses.
        var records: Int
        /// How long the open batch may still wait for more; nil where none is open.
        var gathering: Duration?
    }

    private struct Pending {
        var load: Load
        let since: ContinuousClock.Instant
    }

    private struct State {
        var queue: [Pending] = []
        var records = 0
        var bytes = 0
        var isPaused = false
        var question: Question?
        var failure: ChurnError?
        var hasEnded = false
        var lastError: ChurnError?
        var waiter: CheckedContinuation<Void, Never>?
    }

    private let limits: Limits
    private let state = Locked(State())

    init(_ limits: Limits) { self.limits = limits }

    /// How many records and bytes wait.
    var size: (records: Int, bytes: Int) { self.state.withLock { ($0.records, $0.bytes) } }

    /// Why the source ended, where it ended because of an error.
    var lastError: ChurnError? { self.state.withLock { $0.lastError } }

    // MARK: The thread's side

    /// What fits now.
    ///
    /// Reading pauses at the limits and goes on at half of them.
    func room(now: ContinuousClock.Instant) -> Room {
        self.state.withLock { state in
            let (records, bytes) = (self.limits.records, self.limits.bytes)
            if state.isPaused {
                state.isPaused = state.records > records / 2 || state.bytes > bytes / 2
            } else {
                state.isPaused = state.records >= records || state.bytes >= bytes
            }
            let open = state.queue.last.flatMap { self.isFull($0.load) ? nil : $0 }
            guard !state.isPaused else { return Room(records: 0, gathering: nil) }
            let free = self.limits.batchSize - (open?.load.count ?? 0)
            let gathering = open.map { max(.zero, self.limits.linger - (now - $0.since)) }
            return Room(records: min(free, records - state.records), gathering: gathering)
        }
    }

    /// Adds records to the open batch, or opens one.
    func append(_ load: Load, now: ContinuousClock.Instant) {
        self.change { state in
            state.records += load.count
            state.bytes += load.bytes
            if self.lastTakes(load.count, state) {
                state.queue[state.queue.count - 1].load.append(load)
            } else {
                state.queue.append(Pending(load: load, since: now))
            }
        }
    }

    /// Throws away what waits of these partitions.
    ///
    /// What was taken before is the sink's fence to judge.
    func drop(_ partitions: Set<Int32>) {
        self.state.withLock { state in
            state.queue = state.queue.compactMap { pending in
                let load = pending.load.removing(partitions)
                return load.ranges.isEmpty ? nil : Pending(load: load, since: pending.since)
            }
            state.records = state.queue.reduce(0) { $0 + $1.load.count }
            state.bytes = state.queue.reduce(0) { $0 + $1.load.bytes }
        }
    }

    /// Has the task ask the sink; replaces an older question.
    func ask(_ question: Question) { self.change { $0.question = question } }

    /// Takes the question back, if it is still this one.
    func withdraw(_ id: Int) { self.state.withLock { if $0.question?.id == id { $0.question = nil } } }

    /// Has the task's next call fail, once.
    func fail(_ error: ChurnError) { self.change { $0.failure = error } }

    /// Wakes the task if there is something for it, such as a batch whose linger has passed.
    func nudge() { self.change { _ in } }

    /// Nothing more will come.
    ///
    /// The first call says why.
    func end(because error: ChurnError? = nil) {
        self.change { state in
            if !state.hasEnded { state.lastError = error }
            state.hasEnded = true
            state.queue = []
            (state.records, state.bytes) = (0, 0)
        }
    }

    // MARK: The task's side

    /// Takes what is there: the end, a failure, a question or a batch, in this order.
    func take(now: ContinuousClock.Instant = .now) -> Found {
        self.state.withLock { state in
            if state.hasEnded { return .end(state.lastError) }
            if let failure = state.failure {
                state.failure = nil
                return .failure(failure)
            }
            if let question = state.question { return .question(question) }
            guard self.isRipe(state, now: now) else { return .nothing }
            let load = state.queue.removeFirst().load
            state.records -= load.count
            state.bytes -= load.bytes
            return .batch(EventBatch(entries: load.entries, rejections: load.rejections, ranges: load.ranges))
        }
    }

    /// Waits until there is something to take or the task is cancelled.
    ///
    /// One task at a time.
    func wait() async {
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let mayWait = self.state.withLock { state in
                    // The flag is set before the handler runs, and the handler takes the lock: one of both sees it.
                    guard !Task.isCancelled, !self.hasNews(state, now: .now) else { return false }
                    state.waiter = continuation
                    return true
                }
                if !mayWait { continuation.resume() }
            }
        } onCancel: {
            self.state.withLock { Self.takeWaiter(&$0) }?.resume()
        }
    }

    // MARK: Below the lock

    private func change(_ body: (inout sending State) -> Void) {
        let waiter = self.state.withLock { state in
            body(&state)
            return self.hasNews(state, now: .now) ? Self.takeWaiter(&state) : nil
        }
        waiter?.resume()
    }

    private static func takeWaiter(_ state: inout sending State) -> CheckedContinuation<Void, Never>? {
        defer { state.waiter = nil }
        return state.waiter
    }

    private func hasNews(_ state: State, now: ContinuousClock.Instant) -> Bool {
        state.hasEnded || state.failure != nil || state.question != nil || self.isRipe(state, now: now)
    }

    private func isRipe(_ state: State, now: ContinuousClock.Instant) -> Bool {
        guard let first = state.queue.first else { return false }
        return state.queue.count > 1 || state.isPaused || self.isFull(first.load)
            || now - first.since >= self.limits.linger
    }

    /// Whether the open batch has room.
    ///
    /// A function of its own, so that no copy of the batch is alive while it grows.
    private func lastTakes(_ count: Int, _ state: borrowing State) -> Bool {
        guard let last = state.queue.last else { return false }
        return !self.isFull(last.load) && last.load.count + count <= self.limits.batchSize
    }

    private func isFull(_ load: Load) -> Bool {
        load.count >= self.limits.batchSize || load.bytes >= self.limits.batchBytes
    }
}

extension Prefetch.Load {
    /// Adds what was read after this.
    mutating func append(_ later: Prefetch.Load) {
        self.entries.append(contentsOf: later.entries)
        self.rejections.append(contentsOf: later.rejections)
        self.bytes += later.bytes
        for range in later.ranges {
            if let index = self.ranges.firstIndex(where: { $0.partition == range.partition }) {
                self.ranges[index].to = range.to
            } else {
                self.ranges.append(range)
            }
        }
    }

    func removing(_ partitions: Set<Int32>) -> Prefetch.Load {
        guard self.ranges.contains(where: { partitions.contains($0.partition.partition) }) else { return self }
        var rest = self
        rest.entries.removeAll { partitions.contains($0.event.position.partition.partition) }
        rest.rejections.removeAll { partitions.contains($0.record.position.partition.partition) }
        rest.ranges.removeAll { partitions.contains($0.partition.partition) }
        let kept = rest.entries.reduce(0) { $0 + $1.event.json.count + ($1.key?.count ?? 0) }
        rest.bytes = rest.rejections.reduce(kept) { $0 + ($1.record.value?.count ?? 0) + ($1.record.key?.count ?? 0) }
        return rest
    }
}
