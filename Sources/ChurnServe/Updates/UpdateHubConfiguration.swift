import ChurnCore

/// How the hub keeps and finds updates.
public struct UpdateHubConfiguration: Sendable {
    /// How often the update log is read for what no one published here.
    public var pollInterval: Duration = .milliseconds(100)
    /// The most frames that the ring keeps.
    public var ringFrames = 65_536
    /// The most bytes that the ring keeps.
    public var ringBytes = 64 * 1024 * 1024
    /// How many subscribers may read the log at once.
    public var logReaders = 4
    /// After how many frames a subscriber is told its cursor.
    public var framesPerCursor = 500
    /// After which time a subscriber is told its cursor, if anything moved.
    public var cursorInterval: Duration = .seconds(5)
    /// Is told when frames are with the sockets; nil for no one.
    public var latency: EventLatency?

    /// Creates the default configuration.
    public init() {}
}
