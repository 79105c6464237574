public import ChurnCore
public import Logging

/// The state of a database's tables, next to what this version needs.
public struct MigrationStatus: Hashable, Sendable {
    /// The migrations that were applied, by number and name.
    public var applied: [String]
    /// The migrations that are still to be applied.
    public var pending: [String]
    /// Columns of `users` that the domain has and the table has not; all of them before the first migration.
    public var missingColumns: [String]

    /// The steps of newer versions that were applied and that this version works with.
    public var newer: [String] = []

    /// Whether this version can work with the database.
    public var isCurrent: Bool { self.pending.isEmpty && self.missingColumns.isEmpty }
}

/// Brings a database's tables to this version: step by step, each in a transaction, never destroying data.
///
/// Safe to run from many processes at once, and again: an advisory lock lets one at a time in, and what was applied is
/// written down in `churn_migrations` by the transaction that applied it. Locks are waited for shortly and often, so that
/// whoever works goes on meanwhile; where that does not help the holder is named. `users` follows the domain: a feature that is
/// new becomes a new column, a feature that is gone leaves its column behind.
public struct Migrator: Sendable {
    let pool: PostgresPool
    let schema: Identifier
    let users: UsersTable
    let logger: Logger
    /// How long locks of others are waited for, all attempts together.
    let patience: Duration

    /// Creates a migrator.
    ///
    /// - Throws: `invalidConfiguration` when the URL is none or the domain's names cannot be columns.
    public init(_ configuration: PostgresConfiguration, domain: Domain, logger: Logger) throws {
        try self.init(configuration, domain: domain, patience: .seconds(120), logger: logger)
    }

    init(_ configuration: PostgresConfiguration, domain: Domain, patience: Duration, logger: Logger) throws {
        var configuration = configuration
        // Adding an index to a large table takes its time.
        configuration.statementTimeout = nil
        // While it waits for a lock, everyone else waits behind it.
        configuration.lockTimeout = min(.seconds(2), patience)
        configuration.poolSize = 1
        configuration.plans = .free
        self.pool = try PostgresPool(configuration, logger: logger)
        self.schema = try Identifier(configuration.schema)
        self.users = try UsersTable(domain)
        self.patience = patience
        self.logger = logger
    }

    /// Returns the migrations that were applied and those that are missing.
    ///
    /// Changes nothing.
    ///
    /// - Throws: `schemaMismatch` when the database is newer than this version can work with.
    public func status() async throws -> MigrationStatus {
        let (users, schema) = (self.users, self.schema)
        return try await self.pool.withConnection("read the database's version") { connection in
            try Self.status(on: connection, users: users, schema: schema)
        }
    }

    /// Applies what is missing and returns the names of what it applied, in order.
    ///
    /// Needs no more than to read where nothing is missing.
    ///
    /// - Throws: `schemaMismatch` when the database is newer than this version can work with, or a column has another
    ///   type than the domain says; `timedOut` where another session keeps a lock, which it names.
    public func migrate() async throws -> [String] {
        let done = try await self.pool.withConnection("migrate the database") { connection in
            let before = try Self.status(on: connection, users: self.users, schema: self.schema)
            if before.pending.isEmpty,
                try Self.usersChange(on: connection, users: self.users, isNewer: !before.newer.isEmpty) == nil
            {
                return [String]()
            }
            defer { connection.disconnect() }  // gives the lock back, however this ends
            try await self.lockMigrations(on: connection)
            try await self.repeatingLocks(on: connection) { try Self.prepare($0, schema: self.schema) }
            let status = try Self.status(on: connection, users: self.users, schema: self.schema)
            var done: [String] = []
            for migration in Migration.all where status.pending.contains(migration.label) {
                try await self.repeatingLocks(on: connection) { connection in
                    try connection.transaction {
                        try connection.run(migration.sql)
                        try Self.record(migration, on: connection)
                    }
                }
                done.append(migration.label)
            }
            let change = try Self.usersChange(on: connection, users: self.users, isNewer: !status.newer.isEmpty)
            if let change {
                try await self.repeatingLocks(on: connection) { connection in
                    try connection.transaction { try connection.run(change.sql) }
                }
                done.append(change.label)
            }
            if done.contains(Migration.desk.label) {
                try connection.run(self.users.followOutcomes(where: "true"))
            }
            return done
        }
        if !done.isEmpty { self.logger.info("migrated the database", metadata: ["churn.migrations": "\(done.count)"]) }
        return done
    }

    /// Closes the connection.
    public func close() async { await self.pool.close() }
}
