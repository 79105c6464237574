import Foundation

/// A value that one thread at a time may touch.
///
/// In place of the standard library's `Mutex`, whose waiting the thread sanitizer cannot see on Linux: it then reports
/// races that are none, which would hide real ones.
// Unchecked: `value` is touched under `lock` only.
package final class Locked<Value>: @unchecked Sendable {
    private let lock = NSLock()
    private var value: Value

    /// Wraps a value.
    package init(_ value: Value) { self.value = value }

    /// Hands the value to `body` while no other thread has it.
    ///
    /// Not recursive.
    package func withLock<Result, Failure: Error>(
        _ body: (inout Value) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        self.lock.lock()
        defer { self.lock.unlock() }
        return try body(&self.value)
    }
}
