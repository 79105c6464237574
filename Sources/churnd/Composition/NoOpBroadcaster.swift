import ChurnCore

/// A broadcaster that publishes nothing: for processes without subscribers, whose updates are read from the log.
struct NoOpBroadcaster: Broadcaster {
    func publish(_ blocks: [UpdateBlock]) {}
}
