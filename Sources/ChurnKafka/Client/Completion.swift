import ChurnCore

/// Something that happens once, for which tasks can wait.
final class Completion: Sendable {
    private struct State {
        var isFulfilled = false
        var waiters: [Int: CheckedContinuation<Void, Never>] = [:]
        var nextID = 0
    }

    private let state = Locked(State())

    /// Whether it has happened.
    var isFulfilled: Bool { self.state.withLock { $0.isFulfilled } }

    /// It has happened.
    ///
    /// Safe to repeat.
    func fulfil() {
        let waiters = self.state.withLock { state in
            state.isFulfilled = true
            defer { state.waiters = [:] }
            return state.waiters
        }
        for waiter in waiters.values { waiter.resume() }
    }

    /// Waits until it has happened or the task is cancelled.
    func wait() async {
        let id = self.state.withLock { state in
            state.nextID += 1
            return state.nextID
        }
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let mayWait = self.state.withLock { state in
                    guard !state.isFulfilled, !Task.isCancelled else { return false }
                    state.waiters[id] = continuation
                    return true
                }
                if !mayWait { continuation.resume() }
            }
        } onCancel: {
            self.state.withLock { $0.waiters.removeValue(forKey: id) }?.resume()
        }
    }

    /// Waits until it has happened, at most this long.
    ///
    /// Returns whether it has.
    func wait(atMost limit: Duration) async -> Bool {
        await withTaskGroup(of: Void.self) { group in
            group.addTask { await self.wait() }
            group.addTask { try? await Task.sleep(for: limit) }
            await group.next()
            group.cancelAll()
        }
        return self.isFulfilled
    }
}
