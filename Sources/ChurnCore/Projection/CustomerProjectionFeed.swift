import Logging
import Metrics
import ServiceLifecycle

/// Keeps a projection of a store's customers current, and answers queries from it.
///
/// Loads everything at its start, then reads the update log some times a second and, of the customers that it names,
/// what the store holds. Now and then it loads everything anew, for what sends no update: scores without an event,
/// imports and other programs' changes. Until the first load its answers are an error of disposition `retry`, and the
/// process is not ready.
public final class CustomerProjectionFeed: Service, CustomerQueries {
    /// How the feed works.
    public struct Configuration: Hashable, Sendable {
        /// How often the update log is read.
        public var interval: Duration = .milliseconds(200)
        /// How many times as long as a reading took it rests at least before the next, so that it leaves the processor
        /// to those who score when there is much to read.
        public var restFactor = 4
        /// How often everything is loaded anew.
        public var reloadInterval: Duration = .seconds(300)
        /// The most blocks of updates that are read at once.
        public var pageSize = 64

        /// Customers of a longer page of alerts are shown as the projection knows them, not read from the store, which
        /// takes longer than all else about such a page.
        public var longestReadPage = 500
        /// A longer page is read in portions of so many alerts, each shown while the store reads the next.
        public var alertPortion = 1_024

        /// Creates the default configuration.
        public init() {}
    }

    struct State {
        var projection: CustomerProjection?
        var cursor = UpdateCursor()
        /// When the store was last loaded as a whole, by its clock.
        var loaded: Timestamp?
        var loadedAt = ContinuousClock.now
        /// What was kept of the last day and a little more.
        var snapshots: [RiskSnapshot] = []
        /// The hour whose figures this node has kept last.
        var snapshotHour: Int64?
    }

    static let component = "projection"
    /// A transaction that began so long before a snapshot may become visible after it.
    private static let openTransactions: Duration = .seconds(600)

    let store: any QueryStore
    /// Answers what needs no projection.
    let reader: any QueryStore
    let state = Locked(State())
    private let turns = WriterQueue()
    let configuration: Configuration
    private let health: HealthBoard
    private let metrics: ProjectionMetrics
    private let logger: Logger
    let now: @Sendable () -> Timestamp

    /// Creates a feed; it answers nothing before its first load.
    ///
    /// - Parameters:
    ///   - reader: the same store with the patience of a request rather than that of a load, for what needs no
    ///     projection; nil for `store`.
    ///   - now: the wall clock; nil for the system's.
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
            while !Task.isCancelled {
                let start = ContinuousClock.now
                do {
                    let isDue = self.state.withLock { state in
                        state.projection == nil
                            || ContinuousClock.now - state.loadedAt >= self.configuration.reloadInterval
                    }
                    if isDue { try await self.reload() } else { try await self.follow() }
                    try await self.keepSnapshot()
                    self.health.report(Self.component, .healthy)
                } catch is CancellationError {
                    break
                } catch {
                    guard !Task.isCancelled else { break }
                    guard error.failureDisposition == .retry else { throw error }
                    self.failed(error)
                }
                let taken = ContinuousClock.now - start
                try? await Task.sleep(for: max(self.configuration.interval, taken * self.configuration.restFactor))
            }
        }
    }

    private func failed(_ error: any Error) {
        let code = (error as? ChurnError)?.code.description ?? "other"
        self.logger.debug("cannot follow the store", metadata: ["churn.code": "\(code)"])
        self.health.report(
            Self.component,
            .failing(
                reason: "customers cannot be read from the store", advice: "see the store's health; it is tried again"))
    }

    /// Loads everything anew.
    public func reload() async throws {
        await self.turns.enter()
        defer { self.turns.leave() }
        let start = ContinuousClock.now
        let (loaded, hourly) = self.state.withLock { ($0.loaded, $0.projection?.hourly) }
        // Hours that were over long before the last load cannot change any more.
        let since = loaded.map {
            HourlyScores.start(of: HourlyScores.hour(of: $0.advanced(by: .zero - Self.openTransactions)))
        }
        let domain = self.store.domain
        let next = Locked(CustomerProjection(showing: ShownFeatures(domain), alerts: domain.alerts))
        let snapshot = try await self.store.snapshot(scoresSince: since) { customers in
            next.withLock { customers.isEmpty ? $0.finishLoading() : $0.load(customers) }
        }
        next.withLock { projection in
            var sums: [Int64: HourlyScores.Hour] = [:]
            for hour in snapshot.hours {
                sums[HourlyScores.hour(of: hour.hour)] = HourlyScores.Hour(sum: hour.sum, scores: hour.scores)
            }
            if let hourly, let since {
                projection.hourly = hourly
                projection.hourly.replace(from: HourlyScores.hour(of: since), with: sums)
            } else {
                projection.hourly.replace(from: Int64.min, with: sums)
            }
            self.metrics.size(projection)
            // Nobody but the state holds the projection once this closure has ended.
            self.state.withLock { state in
                state.projection = projection
                state.cursor = snapshot.cursor
                state.loaded = snapshot.time
                state.loadedAt = .now
            }
        }
        try await self.readSnapshots()
        self.metrics.loaded(in: ContinuousClock.now - start)
        self.health.report(Self.component, .healthy)
    }

    /// Reads what was written since the last time.
    func follow() async throws {
        await self.turns.enter()
        var hasGap = false
        do {
            defer { self.turns.leave() }
            var hasMore = true
            while hasMore, !hasGap {
                let changes = try await self.store.changes(
                    after: self.state.withLock { $0.cursor }, limit: self.configuration.pageSize)
                let customers = try await self.store.projectedCustomers(Array(changes.customerIDs))
                self.update(customers)
                self.state.withLock { state in
                    for scores in changes.scores { state.projection?.hourly.add(scores) }
                    state.cursor = changes.cursor
                }
                if let oldest = changes.scores.map(\.time).min() { self.metrics.lag(since: oldest) }
                (hasGap, hasMore) = (changes.hasGap, changes.hasMore)
            }
            self.state.withLock { state in state.projection.map { self.metrics.size($0) } }
        }
        if hasGap { try await self.reload() }
    }

    /// A few at a time, so that a query in between waits for few.
    private func update(_ customers: [ProjectedCustomer]) {
        for start in stride(from: 0, to: customers.count, by: 128) {
            self.state.withLock { state in
                for customer in customers[start..<min(start + 128, customers.count)] {
                    state.projection?.update(customer)
                }
            }
        }
    }
}

/// The projection's instruments, made once.
struct ProjectionMetrics: Sendable {
    private let customers: Gauge
    private let bytes: Gauge
    private let lag: Metrics.Timer
    private let loads: Metrics.Timer

    init(factory: any MetricsFactory) {
        self.customers = Gauge(label: "churn.projection.customers", factory: factory)
        self.bytes = Gauge(label: "churn.projection.bytes", factory: factory)
        self.lag = Timer(label: "churn.projection.lag", factory: factory)
        self.loads = Timer(label: "churn.projection.load.duration", factory: factory)
    }

    func size(_ projection: CustomerProjection) {
        self.customers.record(projection.count)
        self.bytes.record(projection.byteCount)
    }

    func lag(since oldest: Timestamp) {
        let microseconds = Timestamp.systemNow().microseconds - oldest.microseconds
        self.lag.recordMicroseconds(max(0, microseconds))
    }

    func loaded(in duration: Duration) { self.loads.record(duration: duration) }
}
