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
}

extension PostgresStore {
    /// Returns the position of an export of this pipeline, as the export wrote it; nil before its first time.
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

    func exportParameters(_ name: String) -> ParameterBuffer { Self.parameters(self.pipeline, name) }

    static func parameters(_ pipeline: String, _ name: String) -> ParameterBuffer {
        var parameters = ParameterBuffer()
        parameters.text(pipeline)
        parameters.text(name)
        return parameters
    }

    func changesOne(
        _ operation: StaticString, _ statement: Statement, _ parameters: ParameterBuffer
    ) async throws -> Bool {
        // As a writer: a turn to write is claimed here, too.
        try await self.writer.withConnection(operation) { try $0.run(statement, parameters).changedRows == 1 }
    }
}
