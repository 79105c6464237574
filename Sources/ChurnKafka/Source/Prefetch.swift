import ChurnCore

/// Hands batches and questions from the source's thread to the one task that asks for them.
final class Prefetch: Sendable {
    typealias Load = PrefetchQueue.Load

    /// The result of a take.
    enum Found {
        case batch(EventBatch)
        case question(Assignment.Question)
        case nothing
        /// Nothing more will come, because of the error where there is one.
        case end(ChurnError?)
    }

    private struct State {
        var queue: PrefetchQueue
        var question: Assignment.Question?
        var hasEnded = false
        var lastError: ChurnError?
    }

    private let state: Locked<State>
    private let news = Wakeup()

    init(_ limits: PrefetchQueue.Limits) {
        self.state = Locked(State(queue: PrefetchQueue(limits)))
    }

    /// The number of records and bytes that wait.
    var size: (records: Int, bytes: Int) { self.state.withLock { ($0.queue.records, $0.queue.bytes) } }

    /// The reason of the source's end, where it ended because of an error.
    var lastError: ChurnError? { self.state.withLock { $0.lastError } }

    // MARK: The thread's side

    /// Returns the room that is left now.
    func room(now: ContinuousClock.Instant) -> PrefetchQueue.Room {
        self.state.withLock { $0.queue.room(now: now) }
    }

    func append(_ load: Load, now: ContinuousClock.Instant) { self.change { $0.queue.append(load, now: now) } }

    /// Throws away what waits of these partitions.
    func drop(_ partitions: Set<Int32>) { self.state.withLock { $0.queue.drop(partitions) } }

    /// Has the task ask the sink; replaces an older question.
    func ask(_ question: Assignment.Question?) { self.change { $0.question = question } }

    /// Takes the question back, if it is still this one.
    func withdraw(_ id: Int) { self.state.withLock { if $0.question?.id == id { $0.question = nil } } }

    /// Wakes the task if there is something for it, such as a batch whose linger has passed.
    func wake() { self.change { _ in } }

    /// Nothing more will come.
    ///
    /// The first call says why.
    func end(because error: ChurnError? = nil) {
        self.change { state in
            if !state.hasEnded { state.lastError = error }
            state.hasEnded = true
            state.queue.removeAll()
        }
    }

    // MARK: The task's side

    /// Takes what is there: the end, a question or a batch, in this order.
    func take(now: ContinuousClock.Instant = .now) -> Found {
        self.state.withLock { state in
            if state.hasEnded { return .end(state.lastError) }
            if let question = state.question { return .question(question) }
            return state.queue.take(now: now).map(Found.batch) ?? .nothing
        }
    }

    /// Waits until there may be something to take or the task is cancelled.
    func wait() async { await self.news.wait() }

    private func change(_ body: (inout State) -> Void) {
        let hasPending = self.state.withLock { state in
            body(&state)
            return state.hasEnded || state.question != nil || state.queue.isReady(now: .now)
        }
        if hasPending { self.news.wake() }
    }
}
