extension Migration {
    // A domain has at most one champion and one challenger: the partial indexes see to it, whoever writes. The files
    // lie here too, so that every node that reaches the database reaches the model that it is to serve, and a promotion
    // can never name a bundle that is not there. They are written once, are compressed already, and are read whole.
    static let modelRegistry = Migration(
        number: 12, name: "the registry of models",
        sql: """
            CREATE TABLE model_registry (
                version text COLLATE "C" PRIMARY KEY,
                domain text COLLATE "C" NOT NULL,
                bundle_digest text NOT NULL,
                schema_digest text NOT NULL,
                source text NOT NULL,
                library text NOT NULL,
                training_rows bigint NOT NULL,
                training_positives bigint NOT NULL,
                trees bigint NOT NULL,
                metric_names text[] NOT NULL,
                metric_values double precision[] NOT NULL,
                role text NOT NULL CHECK (role IN ('champion', 'challenger', 'archived')),
                canary_share double precision NOT NULL DEFAULT 0 CHECK (canary_share BETWEEN 0 AND 1),
                previous_champion text COLLATE "C",
                registered_at timestamptz NOT NULL,
                registered_by text NOT NULL,
                changed_at timestamptz NOT NULL,
                changed_by text NOT NULL
            );
            CREATE UNIQUE INDEX model_registry_champion ON model_registry (domain) WHERE role = 'champion';
            CREATE UNIQUE INDEX model_registry_challenger ON model_registry (domain) WHERE role = 'challenger';
            CREATE TABLE model_files (
                version text COLLATE "C" NOT NULL REFERENCES model_registry,
                name text COLLATE "C" NOT NULL,
                contents bytea NOT NULL,
                PRIMARY KEY (version, name)
            );
            ALTER TABLE model_files ALTER COLUMN contents SET STORAGE EXTERNAL;
            """)

    // Counts are added up, a row for each model, day and series, so that any number of processes share them. A series
    // is a feature's histogram, the scores' histogram or what a challenger was compared by. A shadow score is kept for
    // each customer and day: outcomes that come later are held against it.
    static let modelRecords = Migration(
        number: 13, name: "what models did, and what became of customers",
        sql: """
            CREATE TABLE model_counts (
                version text COLLATE "C" NOT NULL,
                day date NOT NULL,
                series text COLLATE "C" NOT NULL,
                counts bigint[] NOT NULL,
                PRIMARY KEY (version, day, series)
            );
            CREATE TABLE shadow_scores (
                user_id text COLLATE "C" NOT NULL,
                version text COLLATE "C" NOT NULL,
                day date NOT NULL,
                scored_at timestamptz NOT NULL,
                churn_probability double precision NOT NULL,
                PRIMARY KEY (user_id, version, day)
            );
            CREATE TABLE outcomes (
                user_id text COLLATE "C" NOT NULL,
                occurred_at timestamptz NOT NULL,
                has_churned boolean NOT NULL,
                recorded_at timestamptz NOT NULL DEFAULT now(),
                PRIMARY KEY (user_id, occurred_at)
            );
            CREATE INDEX outcomes_occurred ON outcomes (occurred_at);
            """)
}
