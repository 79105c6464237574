import ChurnCore
import Foundation
import Logging
import NIOCore

/// The reason why a connection was not taken.
enum ConnectionRefusal: String, CaseIterable {
    /// There are as many as there may be.
    case limit
    /// The process cannot open another file; the client waits until it can.
    case descriptors
}

/// All open connections: so that there are not too many, and none outlives the server.
final class ConnectionRegistry: Sendable {
    /// Accepted beyond the maximum, so that further clients are refused and not kept waiting.
    private static let refusedAtOnce = 32

    private struct State {
        var channels: [ObjectIdentifier: any Channel] = [:]
        var notices = Dictionary(uniqueKeysWithValues: ConnectionRefusal.allCases.map { ($0, RepeatedNotice()) })
    }

    private let maximum: Int
    private let metrics: ServeMetrics
    private let logger: Logger
    private let state = Locked(State())

    init(maximum: Int, metrics: ServeMetrics, logger: Logger) {
        self.maximum = maximum
        self.metrics = metrics
        self.logger = logger
    }

    /// The most sockets that clients hold at once, those that are about to be refused included.
    var acceptedAtOnce: Int { self.maximum + Self.refusedAtOnce }

    /// Adds a connection until it closes; false where there are too many.
    func add(_ channel: any Channel) -> Bool {
        let key = ObjectIdentifier(channel)
        let isAdded = self.state.withLock { state in
            guard state.channels.count < self.maximum else { return false }
            state.channels[key] = channel
            return true
        }
        guard isAdded else {
            self.refused(.limit)
            return false
        }
        self.metrics.connectionOpened()
        channel.closeFuture.whenComplete { _ in
            self.state.withLock { $0.channels[key] = nil }
            self.metrics.connectionClosed()
        }
        return true
    }

    /// Counts a connection that was not taken, and says so once in a while.
    func refused(_ reason: ConnectionRefusal) {
        self.metrics.connectionRefused(reason)
        guard let count = self.state.withLock({ $0.notices[reason]?.occurred() }) else { return }
        self.logger.warning(
            "Connections are refused",
            metadata: [
                "churn.reason": "\(reason.rawValue)", "churn.refused": "\(count)",
                "churn.maximumConnections": "\(self.maximum)",
                "churn.advice": "\(reason == .limit ? Self.advice : FileDescriptors.advice)",
            ])
    }

    private static let advice =
        "see who holds that many; the maximum follows from the files that the process may open (LimitNOFILE, ulimit -n)"

    /// Cuts what is still open.
    func closeAll() {
        for channel in self.state.withLock({ Array($0.channels.values) }) { channel.close(promise: nil) }
    }
}

/// Notes that no connection could be accepted for want of a file descriptor; NIO tries again after a second.
final class AcceptErrorHandler: ChannelInboundHandler, Sendable {
    typealias InboundIn = any Channel

    private let registry: ConnectionRegistry

    init(registry: ConnectionRegistry) { self.registry = registry }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        if let error = error as? IOError, [EMFILE, ENFILE].contains(error.errnoCode) {
            self.registry.refused(.descriptors)
        }
        context.fireErrorCaught(error)
    }
}

extension ServerLimits {
    /// Returns the number of connections that a server may hold where the process may open that many files.
    ///
    /// - Throws: ``/ChurnCore/ChurnError`` where it could serve hardly anyone.
    func connections(within descriptors: Int) throws -> Int {
        let connections = min(self.maximumConnections, descriptors - self.reservedDescriptors)
        guard connections >= min(self.maximumConnections, 16) else {
            throw ChurnError(
                .invalidConfiguration, .fatal, during: "listen",
                advice: """
                    the process may open \(descriptors) files and needs \(self.reservedDescriptors) for other things \
                    than connections; raise the limit (LimitNOFILE, ulimit -n) to 1024 or more
                    """)
        }
        return connections
    }
}
