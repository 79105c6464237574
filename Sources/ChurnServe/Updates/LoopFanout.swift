import ChurnCore
import NIOCore
import Synchronization

/// The subscribers of one event loop: woken once for many updates, and fed from one snapshot of the ring.
final class LoopFanout: Sendable {
    private let eventLoop: any EventLoop
    private let isScheduled = Atomic(false)
    private let subscribers: NIOLoopBoundBox<[ObjectIdentifier: UpdateSubscriber]>

    init(eventLoop: any EventLoop) {
        self.eventLoop = eventLoop
        self.subscribers = .makeBoxSendingValue([:], eventLoop: eventLoop)
    }

    /// Feeds the subscribers soon.
    ///
    /// May be called from anywhere, and as often as one likes.
    func wake(_ hub: UpdateHub) {
        guard !self.isScheduled.exchange(true, ordering: .acquiringAndReleasing) else { return }
        self.eventLoop.execute {
            self.isScheduled.store(false, ordering: .releasing)
            var snapshot = RingSnapshot(hub: hub)
            for subscriber in self.subscribers.value.values { subscriber.pump(&snapshot) }
            hub.configuration.latency?.sent(to: self.subscribers.value.count)
        }
    }

    func add(_ subscriber: UpdateSubscriber) { self.subscribers.value[ObjectIdentifier(subscriber)] = subscriber }

    func remove(_ subscriber: UpdateSubscriber) { self.subscribers.value[ObjectIdentifier(subscriber)] = nil }
}
