import ChurnCore

/// The statements of leases: rows that name the one process that does something, until a time.
private enum LeaseStatements {
    // Times are the server's, so that the processes' clocks do not matter; and it is a row, not a lock of the session,
    // so that it holds behind a pooler of connections too.
    static let claim = Statement(
        name: "claim_lease",
        sql: """
            INSERT INTO export_leases AS l (pipeline, export, holder, expires_at)
            VALUES ($1::text, $2::text, $3::text, now() + $4::int8 * interval '1 microsecond')
            ON CONFLICT (pipeline, export) DO UPDATE SET holder = excluded.holder, expires_at = excluded.expires_at
                WHERE l.holder = excluded.holder OR l.expires_at <= now()
            """)

    static let release = Statement(
        name: "release_lease",
        sql: "DELETE FROM export_leases WHERE pipeline = $1::text AND export = $2::text AND holder = $3::text")
}

extension PostgresStore {
    /// Makes a process the one whose turn it is; see ``/ChurnCore/TransactionalStore/claimTurn(_:for:)``.
    public func claimTurn(_ holder: String, for duration: Duration) async throws -> Bool {
        try await self.claim("turn: customers", of: "", holder: holder, for: duration)
    }

    /// Lets another process have its turn.
    public func endTurn(_ holder: String) async throws {
        try await self.release("turn: customers", of: "", holder: holder)
    }

    /// Makes a process the one that does an export of this pipeline, for some time from now on; returns whether it is.
    ///
    /// - `holder`: names the process; no two have the same name.
    public func claimExport(_ name: String, holder: String, for duration: Duration) async throws -> Bool {
        try await self.claim(name, of: self.pipeline, holder: holder, for: duration)
    }

    /// Lets another process do an export, if this one is the one that does it.
    public func releaseExport(_ name: String, holder: String) async throws {
        try await self.release(name, of: self.pipeline, holder: holder)
    }

    /// Makes a process the holder of a lease, if it has no other; returns whether it is.
    private func claim(_ name: String, of pipeline: String, holder: String, for duration: Duration) async throws -> Bool
    {
        var parameters = Self.parameters(pipeline, name)
        parameters.text(holder)
        parameters.int64(duration.wholeMicroseconds)
        return try await self.changesOne("claim a lease", LeaseStatements.claim, parameters)
    }

    /// Gives a lease back, if this process holds it.
    private func release(_ name: String, of pipeline: String, holder: String) async throws {
        var parameters = Self.parameters(pipeline, name)
        parameters.text(holder)
        _ = try await self.changesOne("release a lease", LeaseStatements.release, parameters)
    }
}
