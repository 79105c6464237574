import Dispatch
import Synchronization

/// A fixed, small set of threads on which libxgboost is called, so that Swift's own pool never blocks.
///
/// Each is a serial queue, which Dispatch runs on a thread of its own outside the cooperative pool. One more runs the
/// tasks that prefer it, whose calls are then made in place: a small batch is folded, scored and explained without
/// changing threads in between.
final class ScoringThreads: TaskExecutor {
    private let queues: [DispatchQueue]
    private let batches: DispatchQueue
    private let turn = Atomic<Int>(0)

    init(count: Int, label: String) {
        self.queues = (0..<max(count, 1)).map { DispatchQueue(label: "\(label).\($0)", qos: .userInitiated) }
        self.batches = DispatchQueue(label: "\(label).batches", qos: .userInitiated)
    }

    var count: Int { self.queues.count }

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        self.batches.async { job.runSynchronously(on: self.asUnownedTaskExecutor()) }
    }

    /// Runs blocking work: in place for a task that prefers these threads, else on the next thread.
    func run<Result: Sendable>(_ work: @escaping @Sendable () throws -> Result) async throws -> Result {
        let isHere = withUnsafeCurrentTask { $0?.unownedTaskExecutor == self.asUnownedTaskExecutor() }
        return try await isHere ? work() : self.runElsewhere(work)
    }

    /// Runs blocking work on the next thread.
    func runElsewhere<Result: Sendable>(_ work: @escaping @Sendable () throws -> Result) async throws -> Result {
        let turn = self.turn.wrappingAdd(1, ordering: .relaxed).oldValue
        let queue = self.queues[Int(UInt(bitPattern: turn) % UInt(self.queues.count))]
        return try await withCheckedThrowingContinuation { continuation in
            queue.async { continuation.resume(with: Swift.Result(catching: work)) }
        }
    }
}
