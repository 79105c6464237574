import ChurnCore

extension PostgresStore {
    private static let loadExport = Statement(
        name: "load_export",
        sql: "SELECT position FROM export_progress WHERE pipeline = $1::text AND export = $2::text")
    private static let saveExport = Statement(
        name: "save_export",
        sql: """
            INSERT INTO export_progress (pipeline, export, position) VALUES ($1::text, $2::text, $3::text)
            ON CONFLICT (pipeline, export) DO UPDATE SET position = excluded.position, updated_at = now()
            """)

    /// How far an export of this pipeline has come, as the export wrote it; nil before its first time.
    ///
    /// - Parameter name: the export's name.
    public func exportPosition(_ name: String) async throws -> String? {
        var parameters = ParameterBuffer()
        parameters.text(self.pipeline)
        parameters.text(name)
        let sent = parameters
        return try await self.pool.withConnection("read an export's progress") { connection in
            let rows = try connection.run(Self.loadExport, sent)
            return rows.rowCount == 0 ? nil : rows.text(0, 0)
        }
    }

    /// Remembers how far an export of this pipeline has come.
    public func saveExportPosition(_ name: String, _ position: String) async throws {
        var parameters = ParameterBuffer()
        parameters.text(self.pipeline)
        parameters.text(name)
        parameters.text(position)
        let sent = parameters
        try await self.pool.withConnection("save an export's progress") { connection in
            _ = try connection.run(Self.saveExport, sent)
        }
    }
}
