/// The triggers that keep the customers' versions true whatever another program does to `users`.
///
/// They fire for appliers and loaders that run as a replica too (`ENABLE ALWAYS`), since those write customers like any
/// other program.
extension UsersTable {
    static let triggerName = "churn_raise_version"
    /// All of them; each must fire, whoever writes, or what a process remembers counts no more (``UsersGuard``).
    static let triggers = [triggerName, "churn_begin_version", "churn_end_version", "churn_end_versions"]

    /// The columns that the trigger on updates compares, which are its arguments, so that it can be seen whether they are
    /// those of the domain.
    var watched: [Identifier] { [self.id] + self.columns.map(\.name) }

    /// Creates or replaces the triggers.
    ///
    /// - An update that changes features or the id and does not raise the version raises it, whichever columns it names:
    ///   another trigger may change others in passing. Our own writes set a new version or touch no feature, so the
    ///   condition keeps them from paying for more than its evaluation. A trigger before the update could set the version
    ///   itself, but its mere existence makes PostgreSQL lock, and log, every row before every update; this one makes
    ///   only the others pay.
    /// - A row that is inserted begins at the floor of ``Migration/versions``, and one that goes away raises the floor.
    var triggerStatements: String {
        let id = self.id.quoted
        let differs = self.columns.map { "OLD.\($0.name.quoted) IS DISTINCT FROM NEW.\($0.name.quoted)" }
        return """
            CREATE OR REPLACE FUNCTION churn_raise_version() RETURNS trigger LANGUAGE plpgsql
            SECURITY DEFINER SET search_path FROM CURRENT AS $$
            DECLARE version bigint := greatest(OLD.churn_version, NEW.churn_version) + 1;
            BEGIN
                IF OLD.\(id) <> NEW.\(id) THEN version := churn_raise_floor(version); END IF;
                UPDATE users SET churn_version = version WHERE \(id) = NEW.\(id);
                RETURN NULL;
            END $$;
            CREATE OR REPLACE TRIGGER \(Self.triggerName)
            AFTER UPDATE ON users FOR EACH ROW
            WHEN (OLD.\(id) <> NEW.\(id) OR NEW.churn_version < OLD.churn_version
                OR (OLD.churn_version = NEW.churn_version AND (\(differs.joined(separator: " OR ")))))
            EXECUTE FUNCTION churn_raise_version(\(self.watched.map(\.literal).joined(separator: ", ")));

            CREATE OR REPLACE FUNCTION churn_begin_version() RETURNS trigger LANGUAGE plpgsql
            SECURITY DEFINER SET search_path FROM CURRENT AS $$
            BEGIN
                NEW.churn_version := greatest(NEW.churn_version, (SELECT last_value FROM churn_version_floor));
                RETURN NEW;
            END $$;
            CREATE OR REPLACE TRIGGER churn_begin_version BEFORE INSERT ON users FOR EACH ROW
            EXECUTE FUNCTION churn_begin_version();

            CREATE OR REPLACE FUNCTION churn_end_version() RETURNS trigger LANGUAGE plpgsql
            SECURITY DEFINER SET search_path FROM CURRENT AS $$
            BEGIN
                IF TG_OP = 'TRUNCATE' THEN
                    PERFORM churn_raise_floor((SELECT coalesce(max(churn_version), -1) + 1 FROM users));
                ELSE
                    PERFORM churn_raise_floor(OLD.churn_version + 1);
                END IF;
                RETURN NULL;
            END $$;
            CREATE OR REPLACE TRIGGER churn_end_version AFTER DELETE ON users FOR EACH ROW
            EXECUTE FUNCTION churn_end_version();
            CREATE OR REPLACE TRIGGER churn_end_versions BEFORE TRUNCATE ON users FOR EACH STATEMENT
            EXECUTE FUNCTION churn_end_version();

            \(Self.triggers.map { "ALTER TABLE users ENABLE ALWAYS TRIGGER \($0);" }.joined(separator: "\n"))
            """
    }
}
