extension Migration {
    static let riskSnapshots = Migration(
        number: 12, name: "the figures of each hour",
        sql: """
            CREATE TABLE risk_snapshots (
                hour timestamptz PRIMARY KEY,
                taken_at timestamptz NOT NULL,
                customers bigint NOT NULL,
                critical bigint NOT NULL,
                high bigint NOT NULL,
                medium bigint NOT NULL,
                low bigint NOT NULL,
                value_at_risk double precision NOT NULL,
                mean_probability double precision
            );
            """)
}
