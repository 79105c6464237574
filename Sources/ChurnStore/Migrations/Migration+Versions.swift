extension Migration {
    // A customer's version never comes back: a row that is inserted begins at a floor that rises above the version of
    // every row that is deleted, renamed or truncated away. The floor is a sequence because that is outside of
    // transactions: whoever inserts sees it at once, and a rollback leaves it too high, which does no harm. Reading and
    // setting it is not one step, hence the lock, which nothing is waited for under.
    static let versions = Migration(
        number: 23, name: "versions that never repeat",
        sql: """
            CREATE SEQUENCE churn_version_floor AS bigint MINVALUE 0 START 0;
            CREATE FUNCTION churn_raise_floor(floor bigint) RETURNS bigint LANGUAGE plpgsql VOLATILE
            SECURITY DEFINER SET search_path FROM CURRENT AS $$
            BEGIN
                IF floor > (SELECT last_value FROM churn_version_floor) THEN
                    PERFORM pg_advisory_lock(hashtext('churn_version_floor'));
                    PERFORM setval('churn_version_floor', floor)
                        WHERE floor > (SELECT last_value FROM churn_version_floor);
                    PERFORM pg_advisory_unlock(hashtext('churn_version_floor'));
                END IF;
                RETURN (SELECT last_value FROM churn_version_floor);
            END $$;
            """)
}
