public import ChurnCore

/// The configuration of the hub.
public struct UpdateHubConfiguration: Sendable {
    /// The interval at which the update log is read for updates that were not published here.
    public var pollInterval: Duration = .milliseconds(100)
    /// The most frames that the ring keeps.
    public var ringFrames = 65_536
    /// The most bytes that the ring keeps.
    public var ringBytes = 64 * 1024 * 1024
    /// The number of subscribers that may read the log at once.
    public var logReaders = 4
    /// The number of frames after which a subscriber is sent its cursor.
    public var framesPerCursor = 500
    /// The time after which a subscriber is sent its cursor, if anything moved.
    public var cursorInterval: Duration = .seconds(5)
    /// Called when frames are with the sockets; nil for none.
    public var latency: EventLatency?

    /// Creates the default configuration.
    public init() {}
}
