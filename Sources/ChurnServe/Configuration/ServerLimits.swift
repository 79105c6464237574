/// The limits of one client, and of all of them together.
public struct ServerLimits: Sendable {
    /// The most connections of any kind; further ones are closed at once.
    ///
    /// Fewer where the process may not open that many files, see ``reservedDescriptors``.
    public var maximumConnections = 12_000
    /// The most connections of one address; behind a proxy, the most exchanges and WebSockets of one client.
    ///
    /// nil for 1,000, or half of all connections where that is less; this machine's own addresses then have no other
    /// limit than everyone together.
    public var maximumConnectionsPerAddress: Int?
    /// The number of open files that are left for everything but connections: the database, brokers,
    /// models, certificates, event loops.
    public var reservedDescriptors = 128
    /// The most WebSocket connections; further ones get status 429 before the upgrade.
    public var maximumSockets = 10_000
    /// The most WebSocket connections of one principal, where there is authentication.
    public var maximumSocketsPerPrincipal = 5

    /// The largest frame that a client may send, in bytes.
    public var maximumFrameBytes = 16 * 1024
    /// The largest message that a client may send, in bytes.
    public var maximumMessageBytes = 16 * 1024
    /// The most frames that one message of a client may consist of.
    public var maximumFragments = 16
    /// The number of messages, pings and unasked-for pongs that a client may send in a second; as many at once.
    public var commandsPerSecond = 10

    /// The interval at which the server pings a client.
    public var pingInterval: Duration = .seconds(20)
    /// The time that a client has to answer a ping.
    public var pongTimeout: Duration = .seconds(10)
    /// The time for which a client may send nothing at all.
    public var socketIdleTimeout: Duration = .seconds(60)
    /// The time for which a client may leave its socket full.
    public var writeStallTimeout: Duration = .seconds(10)
    /// The number of bytes that may wait for a client's socket.
    public var maximumSocketBufferBytes = 1024 * 1024
    /// The number of bytes that the kernel may hold for a client that does not take them, of any connection; it may
    /// allow less.
    ///
    /// Left to itself it holds megabytes for each, which the server's own bounds do not see and which it frees, many at
    /// once, when stalled clients are closed together.
    public var sendBufferBytes = 256 * 1024
    /// The longest time of a connection; clients come back with their cursor.
    public var maximumSocketAge: Duration = .seconds(12 * 3600)
    /// The time that a client has to send its token, where the handshake had none.
    public var signInTimeout: Duration = .seconds(5)
    /// The interval at which an open connection's token is checked again, besides at its expiry.
    public var tokenCheckInterval: Duration = .seconds(300)
    /// The time that a client has to answer a close frame.
    public var closeTimeout: Duration = .seconds(2)

    /// The number of requests that a principal may make in a second; as many at once.
    public var requestsPerSecondPerPrincipal = 200
    /// The number of requests that an address may make in a second, WebSockets that it opens included; as many at once.
    public var requestsPerSecondPerAddress = 1_000
    /// The largest header list of a request, in bytes.
    public var maximumHeaderBytes = 16 * 1024
    /// The most headers of a request.
    public var maximumHeaders = 100
    /// The largest body of a request, in bytes.
    public var maximumBodyBytes = 64 * 1024
    /// The time that a new connection has to send its first request's head.
    public var headerTimeout: Duration = .seconds(10)
    /// The time that a connection may wait between two requests.
    ///
    /// Longer than proxies keep theirs, usually 60 to 75 seconds: where the server ends a connection just as the proxy
    /// sends a request on it, the request's sender gets an error.
    public var keepAliveTimeout: Duration = .seconds(120)
    /// The time that a connection has to send its request where only a request for health or metrics is answered.
    public var probeTimeout: Duration = .seconds(2)
    /// The time that the server has to answer a request.
    public var requestDeadline: Duration = .seconds(5)
    /// The time that a whole exchange may take, the client's reading and writing included; of an answer that is
    /// streamed, how long each part may take.
    public var exchangeTimeout: Duration = .seconds(15)
    /// The most exports that are written at the same time; further ones get status 503.
    public var maximumExports = 16
    /// The time that one statement of a request may take in the database; for whoever makes the server's store.
    public var statementTimeout: Duration = .seconds(2)
    /// The time that a request may wait for a connection to the database; for whoever makes the server's store.
    public var poolWait: Duration = .seconds(1)
    /// The interval at which the certificate's files are checked, where there is TLS.
    public var certificateCheckInterval: Duration = .seconds(5)
    /// The time that connections have to end when the server stops; then they are cut.
    public var shutdownTimeout: Duration = .seconds(8)

    /// Creates the default limits.
    public init() {}
}
