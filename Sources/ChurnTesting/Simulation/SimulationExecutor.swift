import ChurnCore

/// Runs all tasks of a simulation on one thread, in an order that a seed decides.
///
/// Time moves only when no one can run any more: then the clock jumps to the next sleeper's deadline. So a run is
/// exactly repeatable, explores other interleavings with every seed, and notices when nothing can ever go on.
final class SimulationExecutor: TaskExecutor {
    /// The end of a run.
    enum Ending: Hashable, Sendable {
        case done
        /// No one can run and no one waits for the clock.
        case stuck
        /// The run took more steps than it may.
        case endless
    }

    private struct State {
        var jobs: [UnownedJob] = []
        var random: SeededRandom
    }

    private let state: Locked<State>

    init(seed: UInt64) { self.state = Locked(State(random: SeededRandom(seed: seed, stream: 1))) }

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        self.state.withLock { $0.jobs.append(job) }
    }

    /// Runs jobs on this thread until `isDone`.
    func run(clock: ManualClock, maximumJobs: Int, until isDone: () -> Bool) -> (ending: Ending, jobs: Int) {
        var count = 0
        while !isDone() {
            if let job = self.next() {
                job.runSynchronously(on: self.asUnownedTaskExecutor())
                count += 1
                if count >= maximumJobs { return (.endless, count) }
            } else if !clock.advanceToNextSleeper() {
                return (.stuck, count)
            }
        }
        return (.done, count)
    }

    /// Mostly the oldest job; now and then any.
    private func next() -> UnownedJob? {
        self.state.withLock { state in
            guard !state.jobs.isEmpty else { return nil }
            let index = state.random.chance(0.3) ? state.random.index(below: state.jobs.count) : 0
            return state.jobs.remove(at: index)
        }
    }
}
