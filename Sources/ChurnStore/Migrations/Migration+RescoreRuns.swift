extension Migration {
    // A run outlives the process that works on it: how far it came is a row, and at most one is under way.
    static let rescoreRuns = Migration(
        number: 37, name: "runs that score everyone again", compatibleFrom: 36,
        sql: """
            CREATE TABLE rescore_runs (
                run_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
                version text COLLATE "C" NOT NULL,
                requested_by text NOT NULL,
                requested_at timestamptz NOT NULL,
                done bigint NOT NULL DEFAULT 0,
                last_id text COLLATE "C",
                claimed_until timestamptz,
                ended_at timestamptz,
                reason text
            );
            CREATE UNIQUE INDEX rescore_runs_under_way ON rescore_runs ((true)) WHERE ended_at IS NULL;
            """)
}
