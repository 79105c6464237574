public import ChurnCore
public import Logging
public import Metrics
public import ServiceLifecycle

/// Keeps a projection of a store's customers current, and answers queries from it.
///
/// Loads everything at its start, then reads some times a second what blocks of the update log say of their customers.
/// Now and then it loads everything again, for what sends no update: scores without an event, imports and other
/// programs' changes. It follows the log meanwhile, and also where loading fails. Until the first load its answers are
/// an error of disposition `retry`, and the process is not ready.
public final class CustomerProjectionFeed: Service, CustomerQueries {
    /// The configuration of the feed.
    public struct Configuration: Hashable, Sendable {
        /// The interval at which the update log is read.
        public var interval: Duration = .milliseconds(200)
        /// The least rest after a reading, as a multiple of its duration, so that it leaves the processor to those who
        /// score when there is much to read.
        public var restFactor = 4
        /// The interval at which everything is loaded again.
        public var reloadInterval: Duration = .seconds(300)
        /// The most blocks of updates that are read at once.
        public var pageSize = 64

        /// Customers of a longer page of alerts are shown as the projection knows them, not read from the store, which
        /// takes longer than all else about such a page.
        public var longestReadPage = 500
        /// A longer page is read in portions of this many alerts, each shown while the store reads the next.
        public var alertPortion = 1_024

        /// Creates the default configuration.
        public init() {}
    }

    struct State {
        var projection: CustomerProjection?
        var cursor = UpdateCursor()
        /// The time of the last load of the whole store, by its clock.
        var loaded: Timestamp?
        /// Whether the log had something that only loading everything brings.
        var hasGap = false
        /// The duration of the last load, or of the last attempt that failed.
        var loadTook = Duration.zero
        /// Whether that failed.
        var loadFailed = false
        var loadedAt = ContinuousClock.now
        /// The snapshots of the last day and a little more.
        var snapshots: [RiskSnapshot] = []
        /// The hour whose figures this node has kept last.
        var snapshotHour: Int64?
    }

    static let component = "projection"
    /// A transaction that began so long before a snapshot may become visible after it.
    static let openTransactions: Duration = .seconds(600)

    let store: any QueryStore
    /// Answers what needs no projection.
    let reader: any QueryStore
    let state = Locked(State())
    /// The queue of those who change the projection or the cursor.
    let turns = WriterQueue()
    /// The queue of those who load.
    let loads = WriterQueue()
    let configuration: Configuration
    let health: HealthBoard
    let metrics: ProjectionMetrics
    private let logger: Logger
    let now: @Sendable () -> Timestamp

    /// Creates a feed; it answers nothing before its first load.
    ///
    /// - `reader`: the same store with the patience of a request rather than that of a load, for what needs no
    ///   projection; nil for `store`.
    /// - `now`: the wall clock; nil for the system's.
    public init(
        store: any QueryStore, reader: (any QueryStore)? = nil, configuration: Configuration = Configuration(),
        health: HealthBoard, metrics: any MetricsFactory = MetricsSystem.factory, logger: Logger,
        now: (@Sendable () -> Timestamp)? = nil
    ) {
        self.store = store
        self.reader = reader ?? store
        self.configuration = configuration
        self.health = health
        self.metrics = ProjectionMetrics(factory: metrics)
        self.logger = logger
        self.now = now ?? Timestamp.systemNow
        health.report(Self.component, .starting)
    }

    /// Loads, then follows the store until the task is cancelled or a graceful shutdown begins.
    public func run() async throws {
        try await cancelWhenGracefulShutdown {
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { try await self.repeatedly(isFollowing: false) { try await self.loadIfDue() } }
                group.addTask {
                    try await self.repeatedly(isFollowing: true) { try await self.followIfLoaded() }
                }
                // Neither ends before it is cancelled, but by an error that ends both.
                while try await group.next() != nil {}
            }
        }
    }

    private func repeatedly(isFollowing: Bool, _ round: () async throws -> Void) async throws {
        while !Task.isCancelled {
            let start = ContinuousClock.now
            do {
                try await round()
            } catch is CancellationError {
                break
            } catch {
                guard !Task.isCancelled else { break }
                guard error.isOutage || error.failureDisposition == .reject else { throw error }
                self.failed(error, isFollowing: isFollowing)
            }
            let taken = ContinuousClock.now - start
            try? await Task.sleep(for: max(self.configuration.interval, taken * self.configuration.restFactor))
        }
    }

    private func followIfLoaded() async throws {
        guard self.state.withLock({ $0.projection != nil }) else { return }
        try await self.follow()
        try await self.keepSnapshot()
        self.health.report(
            Self.component,
            self.state.withLock { $0.loadFailed }
                ? .degraded(
                    reason: "customers could not be loaded again; updates are followed",
                    advice: "other programs' changes are not shown until it succeeds; it is tried again") : .healthy)
    }

    private func failed(_ error: any Error, isFollowing: Bool) {
        let code = (error as? ChurnError)?.code.description ?? "other"
        self.logger.debug("cannot follow the store", metadata: ["churn.code": "\(code)"])
        // Customers that are known and followed can wait for the next load.
        if !isFollowing, self.state.withLock({ $0.projection != nil }) { return }
        self.health.report(
            Self.component,
            .failing(
                reason: "customers cannot be read from the store (\(code))",
                advice: (error as? ChurnError)?.advice ?? "see the health of the database; it is tried again"),
            code: (error as? ChurnError)?.code)
    }

    /// Reads what was written since the last time.
    func follow() async throws {
        await self.turns.enter()
        defer { self.turns.leave() }
        try await self.followInTurn()
    }

    func followInTurn() async throws {
        var hasMore = true
        while hasMore {
            let changes = try await self.store.changes(
                after: self.state.withLock { $0.cursor }, limit: self.configuration.pageSize)
            self.follow(changes.customers)
            self.state.withLock { state in
                for scores in changes.scores { state.projection?.hourly.add(scores) }
                state.cursor = changes.cursor
                // What is missing comes with the next load; what is there is followed.
                state.hasGap = state.hasGap || changes.hasGap
            }
            if let oldest = changes.scores.map(\.time).min() { self.metrics.lag(since: oldest) }
            hasMore = changes.hasMore
        }
        self.state.withLock { state in state.projection.map { self.metrics.size($0) } }
    }

    /// A few at a time, so that a query in between waits for few.
    private func follow(_ customers: [ProjectedCustomer]) {
        let now = self.now()
        for start in stride(from: 0, to: customers.count, by: 128) {
            self.state.withLock { state in
                for customer in customers[start..<min(start + 128, customers.count)] {
                    state.projection?.follow(customer.standing(at: now))
                }
            }
        }
    }
}
