import ChurnCore

/// What the source's thread is asked to do.
enum Mail: Sendable {
    /// The sink's answer to a question.
    case answer(Int, StreamPositions)
    /// Go back to the stored positions and say when nothing read before can appear any more.
    case restart(Set<Int32>, StreamPositions, Completion)
    /// Tell the group how far the sink has come.
    case commit([OffsetRange])
    /// Leave the group and end.
    case stop
}

/// Carries requests to the source's thread.
///
/// May be used from any thread.
final class Mailbox: Sendable {
    private struct State {
        var mail: [Mail] = []
        var waker: QueueWaker?
        var isClosed = false
    }

    private let state = Locked(State())

    /// Wakes the thread by this from now on.
    func connect(_ waker: QueueWaker) { self.state.withLock { $0.waker = waker } }

    /// Hands mail over; where the thread has ended, a restart counts as done, since nothing is delivered any more.
    func post(_ mail: Mail) {
        let waker: QueueWaker? = self.state.withLock { state in
            guard !state.isClosed else { return nil }
            state.mail.append(mail)
            return state.waker
        }
        waker?.wake()
        if case .restart(_, _, let done) = mail, self.state.withLock({ $0.isClosed }) { done.fulfil() }
    }

    /// Takes all mail, oldest first.
    func take() -> [Mail] {
        self.state.withLock { state in
            defer { state.mail = [] }
            return state.mail
        }
    }

    /// Accepts nothing more; those who wait are told.
    func close() {
        let rest = self.state.withLock { state in
            state.isClosed = true
            defer { state.mail = [] }
            return state.mail
        }
        for case .restart(_, _, let done) in rest { done.fulfil() }
    }
}
