extension Migration {
    static let access = Migration(
        number: 10, name: "API keys and the audit log",
        sql: """
            CREATE TABLE api_keys (
                key_id text COLLATE "C" PRIMARY KEY,
                name text NOT NULL,
                roles text[] NOT NULL,
                digest bytea NOT NULL,
                created_at timestamptz NOT NULL,
                expires_at timestamptz,
                revoked_at timestamptz
            );
            CREATE TABLE audit_log (
                entry_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
                occurred_at timestamptz NOT NULL,
                actor text NOT NULL,
                action text NOT NULL,
                subject text,
                detail text
            );
            """)
}
