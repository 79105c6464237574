import CRdKafka
import ChurnCore

/// Ends another thread's wait on a librdkafka queue.
///
/// May be used from any thread at any time.
final class QueueWaker: Sendable {
    /// The queue's address; nil once its owner has freed it.
    ///
    /// The lock is held during the call, so that the queue cannot be freed under it.
    private let queue: Locked<UInt?>

    init(_ queue: OpaquePointer) { self.queue = Locked(UInt(bitPattern: queue)) }

    func wake() {
        self.queue.withLock { queue in
            if let queue { rd_kafka_queue_yield(OpaquePointer(bitPattern: queue)) }
        }
    }

    /// Must be called before the queue is freed.
    func invalidate() { self.queue.withLock { $0 = nil } }
}
