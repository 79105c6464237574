import ChurnCore
import Dispatch

/// Runs an actor's jobs on one thread of its own, so that they may block.
///
/// The thread lives until ``stop()``; jobs that were enqueued before still run.
final class DedicatedThreadExecutor: SerialExecutor {
    private struct Queue {
        var jobs: [UnownedJob] = []
        var isStopped = false
    }

    private let queue = Locked(Queue())
    private let wake = DispatchSemaphore(value: 0)

    init(name: String) {
        NamedThread.start(name) { [self] in self.runJobs() }
    }

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        self.queue.withLock { $0.jobs.append(job) }
        self.wake.signal()
    }

    func stop() {
        self.queue.withLock { $0.isStopped = true }
        self.wake.signal()
    }

    private func runJobs() {
        while true {
            self.wake.wait()
            let (jobs, isStopped) = self.queue.withLock { queue in
                defer { queue.jobs.removeAll(keepingCapacity: true) }
                return (queue.jobs, queue.isStopped)
            }
            for job in jobs { job.runSynchronously(on: self.asUnownedSerialExecutor()) }
            if isStopped && jobs.isEmpty { return }
            if isStopped { self.wake.signal() }
        }
    }
}
