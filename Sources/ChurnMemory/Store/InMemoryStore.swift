public import ChurnCore
public import ChurnInsight

/// A transactional store in the memory of one process, for demos, tests and deployments that may lose everything when
/// they stop.
///
/// Writes are all or nothing and one at a time; reads never wait for a write that suspends. Memory is bounded by the
/// number of customers, the configuration and the number of dead letters, which are kept.
public final class InMemoryStore: TransactionalStore, UpdateLog, DeadLetterStore, CustomerDirectory {
    /// The limits of the store's memory.
    public struct Configuration: Hashable, Sendable {
        /// The time for which a producer's event id counts as used.
        public var deduplicationWindow: Duration = .seconds(7 * 24 * 3600)
        /// The most producers' event ids that are remembered; the oldest are forgotten first.
        public var sourceEventsKept = 1_000_000
        /// The most update blocks that are kept for each partition.
        public var updateBlocksKept = 4096
        /// The most bytes of updates that are kept over all partitions; the newest block stays however large it is.
        public var updateBytesKept = 256 << 20
        /// The most events, and as many scores without an event, that are kept for each customer.
        public var eventsPerCustomer = 50
        /// The most events, and as many alerts, that are kept for the histories of all customers.
        public var eventsKept = 10_000
        /// The most interventions that are kept for each customer.
        public var interventionsPerCustomer = 100
        /// The most cases that are kept, over all customers.
        public var casesKept = 10_000

        /// Creates the default configuration.
        public init() {}
    }

    /// A change that became visible.
    public enum Change: Sendable {
        /// A batch as it was applied: without the rescores that were skipped.
        case batch(ScoredBatch)
        /// Another program changed features of a customer.
        case update(customer: String, [FeatureChange])
        /// Customers were imported.
        case imported([CustomerState])
    }

    /// The customer base.
    public let domain: Domain

    /// Gets the audit entries that come with changes.
    public let audit: InMemoryAuditLog

    let tables: Locked<InMemoryTables>
    let writers = WriterQueue()
    let failpoints: Failpoints
    let interventionsPerCustomer: Int
    let now: @Sendable () -> Timestamp
    let onChange: (@Sendable (Change) -> Void)?

    /// Creates an empty store.
    ///
    /// - Parameters:
    ///   - domain: the customer base.
    ///   - configuration: how much the store remembers.
    ///   - audit: gets the audit entries that come with changes.
    ///   - now: the wall clock; nil for the system's.
    ///   - onChange: sees every change in the order of the writes, before any reader does. Runs under the store's lock:
    ///     it must be quick and must not call the store.
    public convenience init(
        domain: Domain, configuration: Configuration = Configuration(), audit: InMemoryAuditLog = InMemoryAuditLog(),
        now: (@Sendable () -> Timestamp)? = nil, onChange: (@Sendable (Change) -> Void)? = nil
    ) {
        self.init(
            domain: domain, configuration: configuration, failpoints: .none, audit: audit, now: now, onChange: onChange)
    }

    /// - Parameter failpoints: what happens right before and right after a write becomes visible.
    package init(
        domain: Domain, configuration: Configuration = Configuration(), failpoints: Failpoints,
        audit: InMemoryAuditLog = InMemoryAuditLog(), now: (@Sendable () -> Timestamp)? = nil,
        onChange: (@Sendable (Change) -> Void)? = nil
    ) {
        self.domain = domain
        self.audit = audit
        self.tables = Locked(InMemoryTables(configuration, domain: domain))
        self.failpoints = failpoints
        self.interventionsPerCustomer = max(0, configuration.interventionsPerCustomer)
        self.now = now ?? Timestamp.systemNow
        self.onChange = onChange
    }

    /// The complete, current states of these customers.
    public func states(for ids: [String]) async throws -> [String: CustomerState] {
        self.tables.withLock { $0.states(for: ids) }
    }

    /// The stream's current identity and the stored progress of these partitions.
    public func positions(of stream: StreamName, partitions: [Int32]) async throws -> StreamPositions {
        self.tables.withLock {
            ($0.progress[stream] ?? InMemoryTables.Progress()).positions(of: stream, partitions: partitions)
        }
    }

    /// Stores first positions, as long as the process lives.
    public func pin(
        _ starts: [Int32: Int64], of stream: StreamIdentity, partitionCount: Int?
    ) async throws -> StreamPositions {
        self.tables.withLock { tables in
            var progress = tables.progress[stream.name] ?? InMemoryTables.Progress()
            if progress.epoch == stream.epoch {
                let pinned = starts.mapValues { StoredPosition(nextOffset: $0) }
                progress.stored.merge(pinned) { stored, _ in stored }
                progress.partitionCount = progress.partitionCount ?? partitionCount
                tables.progress[stream.name] = progress
            }
            return progress.positions(of: stream.name, partitions: starts.keys)
        }
    }

    /// Starts a new life of a stream: its partitions have no stored position, and writers of the old life are fenced.
    @discardableResult
    public func reset(_ stream: StreamName) async -> StreamIdentity {
        await self.writers.enter()
        defer { self.writers.leave() }
        return self.tables.withLock { tables in
            let epoch = (tables.progress[stream]?.epoch ?? 0) + 1
            tables.progress[stream] = InMemoryTables.Progress(epoch: epoch)
            return StreamIdentity(name: stream, epoch: epoch)
        }
    }
}

extension InMemoryTables {
    func states(for ids: [String]) -> [String: CustomerState] {
        var states: [String: CustomerState] = [:]
        states.reserveCapacity(ids.count)
        for id in ids {
            if let customer = self.customer(id) { states[customer.state.id] = customer.state }
        }
        return states
    }

    /// The row of the customer with exactly this id: rows are in normal form, what asks for them need not be.
    func customer(_ id: String) -> Customer? {
        self.customers[id].flatMap { $0.state.id.hasBytes(of: id) ? $0 : nil }
    }

    func accepted(_ keys: [SourceEventKey], now: Timestamp) -> Set<SourceEventKey> {
        Set(keys.filter { self.sourceEvents.contains($0, now: now) })
    }
}
