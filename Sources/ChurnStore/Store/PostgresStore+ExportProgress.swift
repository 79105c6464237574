import ChurnCore

/// The statements of exports' progress; the first two parameters are the pipeline and the export's name.
enum ExportStatements {
    static let position = Statement(
        name: "load_export",
        sql: "SELECT position FROM export_progress WHERE pipeline = $1::text AND export = $2::text")

    // One statement, so that of two processes at the same place one moves on and the other sees that it did not. NULL as
    // the place to come from means that there is none yet.
    static let move = Statement(
        name: "move_export",
        sql: """
            INSERT INTO export_progress AS p (pipeline, export, position)
            SELECT $1::text, $2::text, $4::text WHERE $3::text IS NULL OR EXISTS (
                SELECT 1 FROM export_progress WHERE pipeline = $1::text AND export = $2::text)
            ON CONFLICT (pipeline, export) DO UPDATE SET position = excluded.position, updated_at = now()
                WHERE p.position = $3::text
            """)

    // Times are the server's, so that the processes' clocks do not matter; and it is a row, not a lock of the session,
    // so that it holds behind a pooler of connections too.
    static let claim = Statement(
        name: "claim_export",
        sql: """
            INSERT INTO export_leases AS l (pipeline, export, holder, expires_at)
            VALUES ($1::text, $2::text, $3::text, now() + $4::int8 * interval '1 microsecond')
            ON CONFLICT (pipeline, export) DO UPDATE SET holder = excluded.holder, expires_at = excluded.expires_at
                WHERE l.holder = excluded.holder OR l.expires_at <= now()
            """)

    static let release = Statement(
        name: "release_export",
        sql: "DELETE FROM export_leases WHERE pipeline = $1::text AND export = $2::text AND holder = $3::text")
}

extension PostgresStore {
    /// How far an export of this pipeline has come, as the export wrote it; nil before its first time.
    ///
    /// - Parameter name: the export's name.
    public func exportPosition(_ name: String) async throws -> String? {
        let sent = self.exportParameters(name)
        return try await self.pool.withConnection("read an export's progress") { connection in
            let rows = try connection.run(ExportStatements.position, sent)
            return rows.rowCount == 0 ? nil : rows.text(0, 0)
        }
    }

    /// Remembers how far an export of this pipeline has come, where it still stands at another position, nil for none;
    /// returns whether it did.
    public func moveExport(_ name: String, from: String?, to: String) async throws -> Bool {
        var parameters = self.exportParameters(name)
        parameters.text(from)
        parameters.text(to)
        return try await self.changesOne("save an export's progress", ExportStatements.move, parameters)
    }

    /// Makes a process the one that does an export of this pipeline, for some time from now on; returns whether it is.
    ///
    /// - Parameter holder: names the process; no two have the same name.
    public func claimExport(_ name: String, holder: String, for duration: Duration) async throws -> Bool {
        try await self.claim(name, of: self.pipeline, holder: holder, for: duration)
    }

    /// Lets another process do an export, if this one is the one that does it.
    public func releaseExport(_ name: String, holder: String) async throws {
        try await self.release(name, of: self.pipeline, holder: holder)
    }

    /// Makes a process the holder of a lease, if it has no other; returns whether it is.
    func claim(_ name: String, of pipeline: String, holder: String, for duration: Duration) async throws -> Bool {
        var parameters = Self.parameters(pipeline, name)
        parameters.text(holder)
        parameters.int64(duration.wholeMicroseconds)
        return try await self.changesOne("claim a lease", ExportStatements.claim, parameters)
    }

    /// Gives a lease back, if this process holds it.
    func release(_ name: String, of pipeline: String, holder: String) async throws {
        var parameters = Self.parameters(pipeline, name)
        parameters.text(holder)
        _ = try await self.changesOne("release a lease", ExportStatements.release, parameters)
    }

    func exportParameters(_ name: String) -> ParameterBuffer { Self.parameters(self.pipeline, name) }

    private static func parameters(_ pipeline: String, _ name: String) -> ParameterBuffer {
        var parameters = ParameterBuffer()
        parameters.text(pipeline)
        parameters.text(name)
        return parameters
    }

    private func changesOne(
        _ operation: StaticString, _ statement: Statement, _ parameters: ParameterBuffer
    ) async throws -> Bool {
        // As a writer: a turn to write is claimed here, too.
        try await self.writer.withConnection(operation) { try $0.run(statement, parameters).changedRows == 1 }
    }
}
