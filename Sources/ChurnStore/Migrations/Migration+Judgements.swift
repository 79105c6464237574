extension Migration {
    // Hours are counted from 1970. A shadow score that judged an outcome stays when a later one of its day comes, so that
    // a day may have several; each has the champion's score of the same event beside it, so that both models are judged
    // on the same customers. An episode of drift is one row, whoever finds it, so that it is reported once.
    static let judgements = Migration(
        number: 36, name: "hours of models, pairs of scores, and episodes of drift",
        sql: """
            CREATE TABLE model_hours (
                version text COLLATE "C" NOT NULL,
                hour int NOT NULL,
                series text COLLATE "C" NOT NULL,
                counts bigint[] NOT NULL,
                PRIMARY KEY (version, hour, series)
            );
            ALTER TABLE shadow_scores ADD COLUMN champion_version text COLLATE "C",
                ADD COLUMN champion_probability double precision,
                DROP CONSTRAINT shadow_scores_pkey, ADD PRIMARY KEY (user_id, version, scored_at);
            CREATE TABLE drift_episodes (
                episode_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
                version text COLLATE "C" NOT NULL,
                columns text[] NOT NULL,
                drift_window text NOT NULL CHECK (drift_window IN ('hour', 'day', 'month')),
                began_at timestamptz NOT NULL,
                ended_at timestamptz
            );
            CREATE INDEX drift_episodes_lasting ON drift_episodes (version) WHERE ended_at IS NULL;
            """)
}
