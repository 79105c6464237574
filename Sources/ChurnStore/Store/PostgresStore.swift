public import ChurnCore
public import Logging

/// The store of a deployment: customers, progress, results and updates in one PostgreSQL database.
///
/// A transaction for each batch, with the positions compared and set in it, so that an event counts once whatever
/// dies. Needs the tables of ``Migrator``. Thread-safe; its connections are made when they are needed.
public final class PostgresStore: Sendable {
    /// The customer base.
    public let domain: Domain

    let pool: PostgresPool
    /// The same connections, for what the pipeline waits for.
    let writer: PostgresWriter
    let users: UsersTable
    let bands: RiskBands
    let eventTypes: KnownTexts<EventType>
    let statements: StoreStatements
    let projection: ProjectionStatements
    let pipeline: String
    let deduplicationWindow: Duration
    let partitionHours: Int32
    let failpoints: Failpoints
    let names = NameCache()
    let eventNumbers = EventNumbers()
    let knownGuard = KnownGuard()
    let logger: Logger

    /// Creates a store; connects at its first use.
    ///
    /// - `pipeline`: whose progress this is. Two pipelines over the same topics each have their own.
    /// - `deduplicationWindow`: how long a `source_event_id` is remembered.
    /// - Throws: `invalidConfiguration` when the URL is none or the domain's names cannot be columns.
    public init(
        _ configuration: PostgresConfiguration, domain: Domain, pipeline: String = "churn_processor_group_v2",
        deduplicationWindow: Duration = .seconds(7 * 86_400), logger: Logger
    ) throws {
        self.pool = try PostgresPool(configuration, logger: logger)
        self.writer = PostgresWriter(self.pool)
        self.domain = domain
        self.users = try UsersTable(domain)
        self.bands = domain.bands
        self.eventTypes = KnownTexts(domain.eventOrder.map { ($0.rawValue, $0) })
        self.statements = StoreStatements(users: self.users)
        self.projection = ProjectionStatements(users: self.users, domain: domain)
        self.pipeline = pipeline
        self.deduplicationWindow = deduplicationWindow
        self.partitionHours = Int32(clamping: configuration.partitionHours)
        self.failpoints = configuration.failpoints
        self.logger = logger
    }

    /// Closes the connections; calls that run end first, later ones throw.
    public func close() async { await self.pool.close() }

    /// Runs an empty query to check that the server answers.
    public func ping() async throws {
        try await self.pool.withConnection("ping the database") { try $0.run("SELECT 1") }
    }
}
