import ChurnCore
import NIOCore

/// All open connections: so that there are not too many, and none outlives the server.
final class ConnectionRegistry: Sendable {
    private let maximum: Int
    private let channels = Locked<[ObjectIdentifier: any Channel]>([:])

    init(maximum: Int) { self.maximum = maximum }

    /// Adds a connection until it closes; false where there are too many.
    func add(_ channel: any Channel) -> Bool {
        let key = ObjectIdentifier(channel)
        let isAdded = self.channels.withLock { channels in
            guard channels.count < self.maximum else { return false }
            channels[key] = channel
            return true
        }
        if isAdded {
            channel.closeFuture.whenComplete { _ in self.channels.withLock { $0[key] = nil } }
        }
        return isAdded
    }

    /// Cuts what is still open.
    func closeAll() {
        for channel in self.channels.withLock({ Array($0.values) }) { channel.close(promise: nil) }
    }
}
