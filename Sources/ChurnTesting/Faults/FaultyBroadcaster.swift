public import ChurnCore

/// A broadcaster that loses publications, repeats them, and passes later ones on first.
public final class FaultyBroadcaster: Broadcaster {
    private let base: any Broadcaster
    private let injector: FaultInjector
    private let held = Locked<[UpdateBlock]>([])

    /// Decorates a broadcaster.
    public init(_ base: any Broadcaster, injector: FaultInjector) {
        self.base = base
        self.injector = injector
    }

    /// Passes blocks on: not at all, once, twice, or after the next publication.
    public func publish(_ blocks: [UpdateBlock]) {
        let fault = self.injector.draw(at: .publish)
        if fault == .reorder { return self.held.withLock { $0 += blocks } }
        if fault != .lose { self.base.publish(blocks) }
        if fault == .duplicate { self.base.publish(blocks) }
        let late = self.held.withLock { held in
            defer { held = [] }
            return held
        }
        if !late.isEmpty { self.base.publish(late) }
    }
}
