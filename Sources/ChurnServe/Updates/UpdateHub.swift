public import ChurnCore
public import Logging
public import Metrics
import NIOCore
public import ServiceLifecycle

/// Passes updates on to every subscriber, each once and in order by partition.
///
/// The update log is the truth. ``publish(_:)`` puts what fits into the ring at once; whatever it loses, repeats or
/// brings out of order is found in the log, which the hub reads from time to time anyway. So it also works in a process
/// that only serves, where no one publishes.
public final class UpdateHub: Broadcaster, Service {
    struct State {
        var ring: UpdateRing
        var hasStarted = false
        var fanouts: [ObjectIdentifier: LoopFanout] = [:]
    }

    let state: Locked<State>
    let log: any UpdateLog
    let configuration: UpdateHubConfiguration
    let logger: Logger
    private let health: HealthBoard
    let metrics: HubMetrics
    let presence = FilterCounts()
    private let wakes: AsyncStream<Void>
    private let waker: AsyncStream<Void>.Continuation
    private let pageRequests: AsyncStream<PageRequest>
    let pageRequester: AsyncStream<PageRequest>.Continuation

    /// Creates a hub; it sends nothing before it runs.
    ///
    /// - `log`: what was written, by whichever process.
    /// - `health`: is updated, as component `updates`, with whether the log can be read.
    public init(
        log: any UpdateLog, configuration: UpdateHubConfiguration = UpdateHubConfiguration(),
        health: HealthBoard, metrics: any MetricsFactory = MetricsSystem.factory, logger: Logger
    ) {
        self.log = log
        self.configuration = configuration
        self.health = health
        self.metrics = HubMetrics(factory: metrics)
        self.logger = logger
        let limits = UpdateRing.Limits(frames: configuration.ringFrames, bytes: configuration.ringBytes)
        self.state = Locked(State(ring: UpdateRing(limits: limits)))
        (self.wakes, self.waker) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
        (self.pageRequests, self.pageRequester) = AsyncStream.makeStream()
        health.report("updates", .starting)
    }

    /// Passes on blocks that are durable.
    ///
    /// Never waits for a subscriber and never fails.
    public func publish(_ blocks: [UpdateBlock]) {
        let blocks = blocks.filter { !$0.numbers.isEmpty }
        let indices = self.state.withLock { state in
            state.hasStarted ? blocks.map { state.ring.index(of: $0.partition) } : nil
        }
        // Before the hub has started it does not know what came before: the log will show it.
        guard let indices else { return self.wake() }
        let encoded = zip(blocks, indices).map { UpdateSegment.encode($0, partition: $1) }
        let outcomes = self.append(encoded, isFromLog: false)
        self.metrics.published(outcomes)
        if outcomes.contains(.hole) || blocks.isEmpty { self.wake() }
    }

    /// Passes a frame from outside on to every subscriber of this process, in order with the updates.
    ///
    /// It has no number and is in no log: who is not connected now, and who must read the log to catch up, never gets
    /// it.
    func broadcast(_ frame: [UInt8]) {
        let segment = UpdateSegment.external(frame)
        let fanouts = self.state.withLock { state in
            state.ring.append(external: segment)
            return Array(state.fanouts.values)
        }
        for fanout in fanouts { fanout.wake(self) }
    }

    /// Makes the hub read the log now: for those who hear that something was written, but not what.
    public func wake() { self.waker.yield() }

    /// Reads the log until the surrounding task is cancelled or the service shuts down.
    public func run() async throws {
        await cancelWhenGracefulShutdown {
            guard await self.begin() else { return }
            await withDiscardingTaskGroup { group in
                group.addTask { await self.tick() }
                group.addTask { await self.servePages() }
                await self.followLog()
                group.cancelAll()
            }
        }
        self.health.remove("updates")
    }

    /// Finds where "now" is; false when the task was cancelled before it was known.
    private func begin() async -> Bool {
        let end = await self.untilItWorks { try await self.log.end() }
        guard let end else { return false }
        let fanouts = self.state.withLock { state in
            state.ring.start(after: end.withoutFinishedEpochs)
            state.hasStarted = true
            return Array(state.fanouts.values)
        }
        self.health.report("updates", .healthy)
        for fanout in fanouts { fanout.wake(self) }
        return true
    }

    private func tick() async {
        while (try? await Task.sleep(for: self.configuration.pollInterval)) != nil { self.wake() }
    }

    /// Appends to the ring what the log has and no one published here.
    private func followLog() async {
        for await _ in self.wakes {
            var hasMore = true
            while hasMore {
                let cursor = self.state.withLock { $0.ring.cursor(seen: $0.ring.heads) }
                let page = await self.untilItWorks {
                    try await LogPage.read(self.log, after: cursor, bytes: UpdatePage.defaultBytes) {
                        self.index(of: $0)
                    }
                }
                guard let page else { return }
                hasMore = page.hasMore && !page.segments.isEmpty
                guard !page.segments.isEmpty else { continue }
                let chains = Dictionary(grouping: page.segments, by: \.partition).values
                self.metrics.foundInLog(self.append(Array(chains), isFromLog: true))
            }
        }
    }

    private func append(_ chains: [[UpdateSegment]], isFromLog: Bool) -> [UpdateRing.Outcome] {
        guard !chains.isEmpty else { return [] }
        let (outcomes, fanouts) = self.state.withLock { state in
            let outcomes = chains.map { state.ring.append($0, isFromLog: isFromLog) }
            return (outcomes, outcomes.contains(.appended) ? Array(state.fanouts.values) : [])
        }
        for fanout in fanouts { fanout.wake(self) }
        return outcomes
    }

    /// Repeats what fails, with growing pauses, and says meanwhile that the log cannot be read; nil when cancelled.
    private func untilItWorks<Value>(_ body: () async throws -> Value) async -> Value? {
        var pause = Duration.milliseconds(100)
        while !Task.isCancelled {
            do {
                let value = try await body()
                if pause > .milliseconds(100) { self.health.report("updates", .healthy) }
                return value
            } catch {
                self.logger.debug("The update log could not be read", metadata: ["churn.error": "\(error)"])
                self.health.report(
                    "updates",
                    .failing(
                        reason:
                            "the update log cannot be read (\((error as? ChurnError)?.code.description ?? "other"))",
                        advice: (error as? ChurnError)?.advice ?? "see the health of the database; it is tried again"),
                    code: (error as? ChurnError)?.code)
                try? await Task.sleep(for: pause)
                pause = min(pause * 2, .seconds(5))
            }
        }
        return nil
    }

    /// Reads pages for subscribers that the ring does not reach back to, a few at once.
    private func servePages() async {
        await withTaskGroup(of: Void.self) { group in
            var running = 0
            for await request in self.pageRequests {
                if running >= self.configuration.logReaders {
                    await group.next()
                    running -= 1
                }
                running += 1
                group.addTask { await request.serve(from: self) }
            }
        }
    }

    func index(of partition: StreamPartition) -> Int {
        self.state.withLock { $0.ring.index(of: partition) }
    }
}
