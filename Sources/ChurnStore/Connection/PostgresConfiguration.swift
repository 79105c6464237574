import ChurnCore

/// How to reach a PostgreSQL database and how long to wait for it.
///
/// Prints without its URL: that may hold a password.
public struct PostgresConfiguration: Sendable {
    /// What a successful COMMIT means.
    public enum Durability: String, Hashable, Sendable, CaseIterable {
        /// The transaction survives a crash of the server. The default.
        case durable
        /// The server may lose its last moments in a crash: progress, results and updates go back together, the
        /// events come again and get the same numbers, but readers may have seen what is gone until then.
        case asynchronous
    }

    /// What PostgreSQL's planner may do on these connections.
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
    /// How long a caller waits for a free connection.
    public var poolWait: Duration = .seconds(5)
    /// How long making a connection may take.
    public var connectTimeout: Duration = .seconds(5)
    /// How long one statement may take, waiting for locks included; nil for no limit.
    public var statementTimeout: Duration? = .seconds(30)
    /// After how long the server ends a transaction whose program says nothing, so that a stopped process does not
    /// keep its locks.
    public var idleTransactionTimeout: Duration = .seconds(15)
    /// The longest pause between two attempts to connect.
    public var longestBackOff: Duration = .seconds(5)
    /// What a successful COMMIT means.
    public var durability: Durability = .durable
    /// What the planner may do.
    public var plans: Plans = .lookUps
    /// How many hours of events a partition of the log holds, at least 1.
    ///
    /// Retention drops whole partitions. A day suits most; where a day is more than some hundred million events, fewer
    /// hours keep the indexes of the newest partition in memory.
    public var partitionHours = 24

    /// What happens at named places of a write; tests only.
    package var failpoints = Failpoints.none

    /// Creates a configuration with the defaults for everything but the URL.
    public init(url: Secret<String>) { self.url = url }
}
