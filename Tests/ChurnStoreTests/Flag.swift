import ChurnCore

/// A yes or no that tasks share.
final class Flag: Sendable {
    private let state: Locked<Bool>

    init(_ isSet: Bool) { self.state = Locked(isSet) }

    var isSet: Bool { self.state.withLock { $0 } }
    func set() { self.state.withLock { $0 = true } }

    /// Returns whether the flag was set; it is not any more.
    func take() -> Bool {
        self.state.withLock { isSet in
            defer { isSet = false }
            return isSet
        }
    }
}
