import NIOCore

/// The connection as a session sees it.
///
/// Lives on one event loop.
protocol WebSocketOutbound: AnyObject {
    /// Whether the socket's buffer has room.
    var isWritable: Bool { get }
    /// Queues an encoded frame, or several.
    func write(_ frames: ByteBuffer)
    /// Sends what was queued.
    func flush()
    /// Ends the connection with a close frame.
    func close(_ code: CloseCode, reason: StaticString)
}

/// The session of an open WebSocket.
///
/// Lives on the connection's event loop.
protocol WebSocketSession: AnyObject {
    /// The connection is open. The outbound side is used only until `closed()`.
    func opened(_ outbound: any WebSocketOutbound)
    /// The client sent a text. The connection's protocol and rate were checked.
    func received(text: ByteBuffer)
    /// The client sent bytes.
    func received(binary: ByteBuffer)
    /// The socket's buffer has room again.
    func becameWritable()
    /// Time passes: called about once a second.
    func tick(now: NIODeadline)
    /// The connection is gone, or is ending: nothing is sent any more.
    func closed()
}
