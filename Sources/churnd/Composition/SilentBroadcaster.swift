import ChurnCore

/// Tells nobody: for processes without subscribers, whose updates are read from the log.
struct SilentBroadcaster: Broadcaster {
    func publish(_ blocks: [UpdateBlock]) {}
}
