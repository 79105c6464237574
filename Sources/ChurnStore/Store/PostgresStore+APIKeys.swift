public import ChurnCore
public import ChurnInsight

extension PostgresStore: APIKeyStore {
    private static let keyColumns = "key_id, name, roles, digest, created_at, expires_at, revoked_at"
    private static let addKey = Statement(
        name: "add_api_key",
        sql: """
            INSERT INTO api_keys (\(PostgresStore.keyColumns)) VALUES
                ($1::text, $2::text, $3::text[], $4::bytea, $5::timestamptz, $6::timestamptz, $7::timestamptz)
            ON CONFLICT DO NOTHING
            """)
    private static let oneKey = Statement(
        name: "one_api_key", sql: "SELECT \(PostgresStore.keyColumns) FROM api_keys WHERE key_id = $1::text")
    private static let allKeys = Statement(
        name: "all_api_keys", sql: "SELECT \(PostgresStore.keyColumns) FROM api_keys ORDER BY created_at, key_id")
    private static let revokeKey = Statement(
        name: "revoke_api_key",
        sql: """
            UPDATE api_keys SET revoked_at = $2::timestamptz WHERE key_id = $1::text AND revoked_at IS NULL
            RETURNING \(PostgresStore.keyColumns)
            """)

    /// Adds a key; see ``/ChurnInsight/APIKeyStore/addAPIKey(_:audit:)``.
    public func addAPIKey(_ key: APIKey, audit: AuditNote<APIKey>?) async throws -> Bool {
        var parameters = ParameterBuffer()
        parameters.text(key.id)
        parameters.text(key.name)
        parameters.array(of: .text, key.roles.sorted()) { $0.text($1) }
        parameters.bytes(key.digest)
        parameters.timestamp(key.created)
        parameters.timestamp(key.expiry)
        parameters.timestamp(key.revoked)
        let sent = parameters
        return try await self.pool.withConnection("add an API key") { connection in
            try connection.transaction {
                guard try connection.run(Self.addKey, sent).changedRows == 1 else { return false }
                if let audit { try Self.record(audit(key), on: connection) }
                return true
            }
        }
    }

    /// One key; see ``/ChurnInsight/APIKeyStore/apiKey(id:)``.
    public func apiKey(id: String) async throws -> APIKey? {
        var parameters = ParameterBuffer()
        parameters.text(id)
        let sent = parameters
        return try await self.pool.withConnection("look an API key up") { connection in
            Self.apiKeys(in: try connection.run(Self.oneKey, sent)).first
        }
    }

    /// All keys; see ``/ChurnInsight/APIKeyStore/apiKeys()``.
    public func apiKeys() async throws -> [APIKey] {
        try await self.pool.withConnection("list API keys") { connection in
            Self.apiKeys(in: try connection.run(Self.allKeys, ParameterBuffer()))
        }
    }

    /// Revokes a key; see ``/ChurnInsight/APIKeyStore/revokeAPIKey(id:at:audit:)``.
    public func revokeAPIKey(id: String, at time: Timestamp, audit: AuditNote<APIKey>?) async throws -> APIKey? {
        var parameters = ParameterBuffer()
        parameters.text(id)
        parameters.timestamp(time)
        let sent = parameters
        return try await self.pool.withConnection("revoke an API key") { connection in
            let revoked = try connection.transaction {
                let key = Self.apiKeys(in: try connection.run(Self.revokeKey, sent)).first
                if let key, let audit { try Self.record(audit(key), on: connection) }
                return key
            }
            if let revoked { return revoked }
            // It was revoked before, or there is none.
            var parameters = ParameterBuffer()
            parameters.text(id)
            return Self.apiKeys(in: try connection.run(Self.oneKey, parameters)).first
        }
    }

    private static func apiKeys(in rows: PostgresResult) -> [APIKey] {
        (0..<rows.rowCount).map { row in
            let roles = rows.elements(row, 2).compactMap { $0.map { String(decoding: $0, as: UTF8.self) } }
            return APIKey(
                id: rows.text(row, 0), name: rows.text(row, 1), roles: Set(roles), digest: Array(rows.bytes(row, 3)),
                created: rows.timestamp(row, 4), expiry: rows.optional(row, 5, rows.timestamp),
                revoked: rows.optional(row, 6, rows.timestamp))
        }
    }
}
