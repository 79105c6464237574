import CRdKafka
import ChurnCore

/// A request to the source's thread.
enum Mail: Sendable {
    /// The sink's answer to a question.
    case answer(Int, StreamPositions)
    /// Go back to the stored positions and say when nothing read before can appear any more.
    case restart(Set<Int32>, Completion)
    /// Report to the group how far the sink has come.
    case commit([OffsetRange])
    /// Leave the group and end.
    case stop
}

/// Carries requests to the source's thread, which waits at a librdkafka queue.
///
/// May be used from any thread.
final class Mailbox: Sendable {
    private struct State {
        var mail: [Mail] = []
        /// The queue's address; nil where the thread does not wait (any more).
        var queue: UInt?
        var isClosed = false
    }

    private let state = Locked(State())

    /// Ends the thread's wait at this queue from now on.
    func connect(to queue: OpaquePointer) { self.state.withLock { $0.queue = UInt(bitPattern: queue) } }

    /// Hands mail over; where the thread has ended, a restart counts as done, since nothing is delivered any more.
    func post(_ mail: Mail) {
        let isClosed = self.state.withLock { state in
            if !state.isClosed { state.mail.append(mail) }
            // Under the lock, so that the queue cannot be freed meanwhile.
            if let queue = OpaquePointer(bitPattern: state.queue ?? 0) { rd_kafka_queue_yield(queue) }
            return state.isClosed
        }
        if isClosed, case .restart(_, let done) = mail { done.fulfil() }
    }

    /// Takes all mail, oldest first.
    func take() -> [Mail] {
        self.state.withLock { state in
            defer { state.mail = [] }
            return state.mail
        }
    }

    /// Accepts nothing more; those who wait are resumed.
    ///
    /// Must be called before the queue is freed.
    func close() {
        let rest = self.state.withLock { state in
            defer { state = State(isClosed: true) }
            return state.mail
        }
        for case .restart(_, let done) in rest { done.fulfil() }
    }
}
