import Dispatch
import Foundation

/// Threads of our own that the system shows under their names, so that `top -H` says who is busy.
package enum NamedThread {
    /// Starts a thread that runs `body` and then ends.
    ///
    /// - Parameter name: at most 15 bytes, for Linux.
    package static func start(_ name: String, _ body: @escaping @Sendable () -> Void) {
        // On Linux the name of a thread that does not run has no effect, and Foundation knows which one runs when
        // `start` has returned.
        let isStarted = DispatchSemaphore(value: 0)
        let thread = Thread {
            isStarted.wait()
            Thread.current.name = name
            body()
        }
        thread.start()
        isStarted.signal()
    }
}
