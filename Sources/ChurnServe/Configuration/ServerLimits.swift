/// What one client, and all of them together, may take from the server.
public struct ServerLimits: Sendable {
    /// The most connections of any kind; further ones are closed at once.
    ///
    /// Fewer where the process may not open that many files, see ``reservedDescriptors``.
    public var maximumConnections = 12_000
    /// How many of the files that the process may open are left for everything but connections: the database, brokers,
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
    /// How many messages, pings and unasked-for pongs a client may send in a second; as many at once.
    public var commandsPerSecond = 10

    /// How often the server pings a client.
    public var pingInterval: Duration = .seconds(20)
    /// How long a client may take to answer a ping.
    public var pongTimeout: Duration = .seconds(10)
    /// How long a client may send nothing at all.
    public var socketIdleTimeout: Duration = .seconds(60)
    /// How long a client may leave its socket full.
    public var writeStallTimeout: Duration = .seconds(10)
    /// How many bytes may wait for a client's socket.
    public var maximumSocketBufferBytes = 1024 * 1024
    /// How many bytes the kernel may hold for a client that does not take them, of any connection; it may allow less.
    ///
    /// Left to itself it holds megabytes for each, which the server's own bounds do not see and which it frees, many at
    /// once, when stalled clients are closed together.
    public var sendBufferBytes = 256 * 1024
    /// How long a connection may last; clients come back with their cursor.
    public var maximumSocketAge: Duration = .seconds(12 * 3600)
    /// How long a client may take to send its token, where the handshake had none.
    public var signInTimeout: Duration = .seconds(5)
    /// How often an open connection's token is checked again, besides at its expiry.
    public var tokenCheckInterval: Duration = .seconds(300)
    /// How long a client may take to answer a close frame.
    public var closeTimeout: Duration = .seconds(2)

    /// How many requests a principal may make in a second; as many at once.
    public var requestsPerSecondPerPrincipal = 200
    /// How many requests an address may make in a second, WebSockets that it opens included; as many at once.
    public var requestsPerSecondPerAddress = 1_000
    /// The largest header list of a request, in bytes.
    public var maximumHeaderBytes = 16 * 1024
    /// The most headers of a request.
    public var maximumHeaders = 100
    /// The largest body of a request, in bytes.
    public var maximumBodyBytes = 64 * 1024
    /// How long a new connection may take to send its first request's head.
    public var headerTimeout: Duration = .seconds(10)
    /// How long a connection may wait between two requests.
    public var keepAliveTimeout: Duration = .seconds(30)
    /// How long the server may take to answer a request.
    public var requestDeadline: Duration = .seconds(5)
    /// How long a whole exchange may take, the client's reading and writing included; of an answer that is streamed,
    /// how long each part may take.
    public var exchangeTimeout: Duration = .seconds(15)
    /// The most exports that are written at the same time; further ones get status 503.
    public var maximumExports = 16
    /// How long one statement of a request may take in the database; for whoever makes the server's store.
    public var statementTimeout: Duration = .seconds(2)
    /// How long a request may wait for a connection to the database; for whoever makes the server's store.
    public var poolWait: Duration = .seconds(1)
    /// How often the certificate's files are looked at, where there is TLS.
    public var certificateCheckInterval: Duration = .seconds(5)
    /// How long connections may take to end when the server stops; then they are cut.
    public var shutdownTimeout: Duration = .seconds(8)

    /// Creates the default limits.
    public init() {}
}
