import ChurnCore
import Foundation
import Logging
import NIOCore

/// The reason why a connection was not taken.
enum ConnectionRefusal: String, CaseIterable {
    /// There are as many as there may be.
    case limit
    /// The client's address has as many as it may have.
    case address
    /// The process cannot open another file; the client waits until it can.
    case descriptors
}

/// How a connection was taken.
enum ConnectionGrant: Equatable {
    /// For any request.
    case all
    /// Into the reserve: for one request for health or metrics, since for others it would have been refused.
    case probe(ConnectionRefusal)
}

/// All open connections: so that there are not too many, of one address or at all, probes are answered though there
/// are, and none outlives the server.
final class ConnectionRegistry: Sendable {
    /// Accepted beyond the maximum, so that further clients are refused and not kept waiting.
    static let refusedAtOnce = 32

    /// An open connection, with the place that it has.
    private struct Connection {
        var channel: any Channel
        var place: AddressPlaces.Place?
        var isReserved: Bool
    }

    private struct State {
        var connections: [ObjectIdentifier: Connection] = [:]
        var reserved = 0
        var notices = Dictionary(uniqueKeysWithValues: ConnectionRefusal.allCases.map { ($0, RepeatedNotice()) })
    }

    private let shares: ConnectionShares
    private let isBehindProxy: Bool
    private let metrics: ServeMetrics
    private let logger: Logger
    private let places: AddressPlaces
    private let reservedPlaces: AddressPlaces
    private let state = Locked(State())

    init(shares: ConnectionShares, isBehindProxy: Bool, metrics: ServeMetrics, logger: Logger) {
        self.shares = shares
        self.isBehindProxy = isBehindProxy
        self.metrics = metrics
        self.logger = logger
        self.places = AddressPlaces(limit: shares.perAddress, loopbackLimit: shares.perLoopbackAddress)
        self.reservedPlaces = AddressPlaces(limit: shares.reservedPerAddress)
    }

    /// The most sockets that clients hold at once, those that are about to be refused included.
    var acceptedAtOnce: Int { self.shares.maximum + Self.refusedAtOnce }

    /// Adds a connection until it closes; nil where there are too many.
    func add(_ channel: any Channel) -> ConnectionGrant? {
        let address = channel.remoteAddress.map { RequesterAddress.key(of: $0) } ?? "unknown"
        // Behind a proxy the connections are the proxy's: there each exchange takes a place of its client's.
        let place = self.isBehindProxy ? nil : self.places.take(address)
        let isOver = place == nil && !self.isBehindProxy
        guard !isOver, self.insert(channel, place, isReserved: false) else {
            let reason: ConnectionRefusal = isOver && !self.isFull ? .address : .limit
            guard let place = self.reservedPlaces.take(address), self.insert(channel, place, isReserved: true) else {
                self.refused(reason)
                return nil
            }
            return .probe(reason)
        }
        return .all
    }

    /// Takes a place for an exchange of a client of a proxy; nil where the client has all that it may have.
    func place(of address: String) -> AddressPlaces.Place? { self.places.take(address) }

    /// Whether there are as many connections as there may be, the reserve aside.
    private var isFull: Bool {
        self.state.withLock { $0.connections.count - $0.reserved >= self.shares.clients }
    }

    private func insert(_ channel: any Channel, _ place: AddressPlaces.Place?, isReserved: Bool) -> Bool {
        let key = ObjectIdentifier(channel)
        let isAdded = self.state.withLock { state in
            let others = state.connections.count - state.reserved
            guard isReserved ? state.reserved < self.shares.reserve : others < self.shares.clients else { return false }
            state.connections[key] = Connection(channel: channel, place: place, isReserved: isReserved)
            if isReserved { state.reserved += 1 }
            return true
        }
        guard isAdded else { return false }
        self.metrics.connectionOpened()
        channel.closeFuture.whenComplete { _ in
            self.state.withLock { state in
                if state.connections.removeValue(forKey: key)?.isReserved == true { state.reserved -= 1 }
            }
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
                "churn.maximumConnections": "\(self.shares.maximum)",
                "churn.maximumConnectionsPerAddress": "\(self.shares.perAddress)",
                "churn.advice": "\(Self.advice(reason))",
            ])
    }

    private static func advice(_ reason: ConnectionRefusal) -> String {
        switch reason {
        case .limit:
            "see who holds that many; the maximum follows from the files that the process may open (LimitNOFILE, "
                + "ulimit -n)"
        case .address:
            "see which address holds that many; where many clients share one, allow more connections an address, or "
                + "say that a proxy stands before the server"
        case .descriptors: FileDescriptors.advice
        }
    }

    /// Cuts what is still open.
    func closeAll() {
        let channels = self.state.withLock { $0.connections.values.map(\.channel) }
        for channel in channels { channel.close(promise: nil) }
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
