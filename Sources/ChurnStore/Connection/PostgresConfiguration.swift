public import ChurnCore

/// The connection to a PostgreSQL database and its timeouts.
///
/// Prints without its URL: that may hold a password.
public struct PostgresConfiguration: Sendable {
    /// The meaning of a successful COMMIT.
    public enum Durability: String, Hashable, Sendable, CaseIterable {
        /// The transaction survives a crash of the server. The default.
        case durable
        /// The server may lose its last moments in a crash: progress, results and updates go back together, the
        /// events come again and get the same numbers, but readers may have seen what is gone until then.
        case asynchronous
    }

    /// The plans that PostgreSQL may use on these connections.
    public enum Plans: Hashable, Sendable {
        /// Look keys up in indexes and keep the plan. For batches: a plan that scans `users` triples a batch's cost,
        /// and one that was made while the table was small would stay.
        case lookUps
        /// Whatever the planner finds best, for reports.
        case free
    }

    /// The URL, `postgres://user:password@host:port/database?sslmode=verify-full`; every parameter of libpq may be in
    /// it.
    ///
    /// Without `sslmode`, TLS is required unless the host is a loopback address or a Unix socket.
    public var url: Secret<String>
    /// The schema that holds all tables; the search path is pinned to it.
    public var schema = "public"
    /// The name that the server shows for these connections.
    public var applicationName = "churn"
    /// The most connections that are open at once.
    public var poolSize = 4
    /// Whether one of several connections is left for the pipeline's write, so that it never waits for readers; false
    /// for a store that only answers questions.
    public var reservesWriter = true
    /// The time for which a caller waits for a free connection.
    public var poolWait: Duration = .seconds(5)
    /// The time that making a connection may take.
    public var connectTimeout: Duration = .seconds(5)
    /// The time that one statement may take, waiting for locks included; nil for no limit.
    public var statementTimeout: Duration? = .seconds(30)
    /// The time that a statement may wait for a lock of another session, such as a migration.
    public var lockTimeout: Duration = .seconds(10)
    /// After how long the server ends a transaction whose program says nothing, so that a stopped process does not
    /// keep its locks.
    public var idleTransactionTimeout: Duration = .seconds(15)
    /// The longest pause between two attempts to connect.
    public var longestBackOff: Duration = .seconds(5)
    /// The meaning of a successful COMMIT.
    public var durability: Durability = .durable
    /// The plans that PostgreSQL may use.
    public var plans: Plans = .lookUps
    /// The number of hours of events in a partition of the log, at least 1.
    ///
    /// Retention drops whole partitions. A day suits most; where a day is more than some hundred million events, fewer
    /// hours keep the indexes of the newest partition in memory.
    public var partitionHours = 24

    /// The actions at named places of a write; tests only.
    package var failpoints = Failpoints.none

    /// Creates a configuration with the defaults for everything but the URL.
    public init(url: Secret<String>) { self.url = url }
}
