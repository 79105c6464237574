extension Migration {
    // score_hours has the sums of hours that are over, so that a node that starts does not sum up a day of events again.
    static let riskSnapshots = Migration(
        number: 14, name: "the figures of each hour",
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
            CREATE TABLE score_hours (
                hour timestamptz PRIMARY KEY,
                score_sum double precision NOT NULL,
                scores bigint NOT NULL
            );
            """)

    // What a projection has to know of a block, so that it need not read the frames. NULL in blocks of before.
    static let summedUpdates = Migration(
        number: 17, name: "whose updates they are",
        sql: """
            ALTER TABLE update_log ADD COLUMN customers text[], ADD COLUMN score_sum double precision,
                ADD COLUMN scores bigint;
            ALTER TABLE update_log ALTER COLUMN customers SET STORAGE EXTERNAL;
            """)
}
