import Dispatch
import Synchronization

/// A fixed, small set of threads on which libxgboost is called, so that Swift's own pool never blocks.
///
/// Each is a serial queue, which Dispatch runs on a thread of its own outside the cooperative pool.
final class ScoringThreads: Sendable {
    private let queues: [DispatchQueue]
    private let turn = Atomic<Int>(0)

    init(count: Int, label: String) {
        self.queues = (0..<max(count, 1)).map { DispatchQueue(label: "\(label).\($0)", qos: .userInitiated) }
    }

    var count: Int { self.queues.count }

    /// Runs blocking work on the next thread.
    func run<Result: Sendable>(_ work: @escaping @Sendable () throws -> Result) async throws -> Result {
        let turn = self.turn.wrappingAdd(1, ordering: .relaxed).oldValue
        let queue = self.queues[Int(UInt(bitPattern: turn) % UInt(self.queues.count))]
        return try await withCheckedThrowingContinuation { continuation in
            queue.async { continuation.resume(with: Swift.Result(catching: work)) }
        }
    }
}
