import ChurnCore

/// Wakes one waiting task as there may be something to do; a call that comes before the wait is not lost.
final class Wakeup: Sendable {
    private let completion = Locked(Completion())

    /// Wakes the task that waits, or the next one that will.
    func wake() { self.completion.withLock { $0 }.fulfil() }

    /// Waits for a wake-up since the last wait, or for the task's cancellation.
    func wait() async {
        await self.completion.withLock { $0 }.wait()
        self.completion.withLock { if $0.isFulfilled { $0 = Completion() } }
    }
}
