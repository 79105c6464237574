public import ServiceLifecycle

/// Has a reloader check its origin at an interval, and at once on request.
public struct ModelFollower: Service, CustomStringConvertible {
    /// The word `ModelFollower`: what it holds is no one's log line.
    public var description: String { "ModelFollower" }

    private let reloader: ModelReloader
    private let interval: Duration
    private let clock: any Clock<Duration>
    private let isForced = Locked(false)
    private let wakes: AsyncStream<Void>
    private let waker: AsyncStream<Void>.Continuation

    /// Creates a follower.
    ///
    /// - `clock`: measures the interval; tests pass one of their own.
    public init(reloader: ModelReloader, interval: Duration, clock: any Clock<Duration> = ContinuousClock()) {
        self.reloader = reloader
        self.interval = interval
        self.clock = clock
        // One that waits is enough: it is answered by a look that begins later.
        (self.wakes, self.waker) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
    }

    /// Has it look now, and try again what was refused.
    public func wake() {
        self.isForced.withLock { $0 = true }
        self.waker.yield()
    }

    /// Looks until a graceful shutdown, or until the task is cancelled.
    public func run() async throws {
        await cancelWhenGracefulShutdown {
            await withTaskGroup(of: Void.self) { group in
                group.addTask {
                    while (try? await self.clock.sleep(for: self.interval)) != nil { self.waker.yield() }
                }
                for await _ in self.wakes {
                    let isForced = self.isForced.withLock { isForced in
                        defer { isForced = false }
                        return isForced
                    }
                    await self.reloader.look(isForced: isForced)
                }
                group.cancelAll()
            }
        }
    }
}
