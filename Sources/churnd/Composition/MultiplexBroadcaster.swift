import ChurnCore

/// Publishes to several broadcasters, one after the other.
struct MultiplexBroadcaster: Broadcaster {
    private let all: [any Broadcaster]

    init(_ all: [any Broadcaster]) { self.all = all }

    func publish(_ blocks: [UpdateBlock]) {
        for broadcaster in self.all { broadcaster.publish(blocks) }
    }
}
