/// A flag that is set once a graceful stop was requested.
package final class StopFlag: Sendable {
    private let flag = Locked(false)

    package init() {}

    package var isSet: Bool { self.flag.withLock { $0 } }
    package func set() { self.flag.withLock { $0 = true } }
}
