import ServiceLifecycle

/// Looks at a reloader's origin at an interval, and at once when it is told to.
public struct ModelFollower: Service, CustomStringConvertible {
    /// The word `ModelFollower`: what it holds is nobody's log line.
    public var description: String { "ModelFollower" }

    private let reloader: ModelReloader
    private let interval: Duration
    private let clock: any Clock<Duration>
    private let nudges: AsyncStream<Bool>
    private let nudger: AsyncStream<Bool>.Continuation

    /// Creates a follower.
    ///
    /// - Parameter clock: measures the interval; tests pass one of their own.
    public init(reloader: ModelReloader, interval: Duration, clock: any Clock<Duration> = ContinuousClock()) {
        self.reloader = reloader
        self.interval = interval
        self.clock = clock
        // One that waits is enough: it is answered by a look that begins later.
        (self.nudges, self.nudger) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
    }

    /// Has it look now, and try again what was refused.
    public func nudge() { self.nudger.yield(true) }

    /// Looks until a graceful shutdown, or until the task is cancelled.
    public func run() async throws {
        await cancelWhenGracefulShutdown {
            await withTaskGroup(of: Void.self) { group in
                group.addTask {
                    while (try? await self.clock.sleep(for: self.interval)) != nil { self.nudger.yield(false) }
                }
                for await isForced in self.nudges { await self.reloader.look(isForced: isForced) }
                group.cancelAll()
            }
        }
    }
}
