import CPostgres
import ChurnCore
import Dispatch

/// Cancels what a connection runs, from any thread, and only for the use that asked for it.
///
/// A cancel request names a connection and not a statement: one that comes late would hit the connection's next user.
/// Ending a use waits for a request that is under way.
final class StatementCanceller: Sendable {
    private struct State {
        /// A `PGcancel`, as an address.
        var token: Int?
        var use: UInt64 = 0
        var isInUse = false
    }

    private let state = Locked(State())

    deinit { self.replaceToken(nil) }

    /// Takes over the token of a new connection and frees the old one's.
    func replaceToken(_ token: OpaquePointer?) {
        let address = token.map { Int(bitPattern: $0) }
        let old = self.state.withLock { state in
            defer { state.token = address }
            return state.token
        }
        if let old { PQfreeCancel(OpaquePointer(bitPattern: old)) }
    }

    func beginUse() -> UInt64 {
        self.state.withLock { state in
            state.use += 1
            state.isInUse = true
            return state.use
        }
    }

    func endUse() { self.state.withLock { $0.isInUse = false } }

    /// Asks the server to cancel, unless the use has ended.
    ///
    /// Returns at once: the request makes a connection of its own, which must not block a cooperative thread.
    func cancel(_ use: UInt64) {
        DispatchQueue.global().async {
            self.state.withLock { state in
                guard state.isInUse, state.use == use, let token = state.token else { return }
                var message = [CChar](repeating: 0, count: 256)
                _ = PQcancel(OpaquePointer(bitPattern: token), &message, Int32(message.count))
            }
        }
    }
}
