/// Lets one writer at a time into a section that may suspend, in the order in which they came.
///
/// A mutex cannot be held across a suspension, and a fold inside a write transaction suspends.
package final class WriterQueue: Sendable {
    private struct State {
        var isOccupied = false
        var waiting: [CheckedContinuation<Void, Never>] = []
    }

    private let state = Locked(State())

    package init() {}

    /// Waits for its turn.
    ///
    /// Every `enter` is followed by one `leave`.
    package func enter() async {
        if self.enterAtOnce() { return }
        await withCheckedContinuation { continuation in
            let isFree = self.state.withLock { state in
                if state.isOccupied {
                    state.waiting.append(continuation)
                    return false
                }
                state.isOccupied = true
                return true
            }
            if isFree { continuation.resume() }
        }
    }

    /// Hands the section to the writer that has waited longest.
    package func leave() {
        let next = self.state.withLock { state -> CheckedContinuation<Void, Never>? in
            if state.waiting.isEmpty {
                state.isOccupied = false
                return nil
            }
            return state.waiting.removeFirst()
        }
        next?.resume()
    }

    private func enterAtOnce() -> Bool {
        self.state.withLock { state in
            if state.isOccupied { return false }
            state.isOccupied = true
            return true
        }
    }
}
