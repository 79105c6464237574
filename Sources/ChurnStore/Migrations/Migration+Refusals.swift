extension Migration {
    // What the statements of a batch call where they did not find every row as the batch was made for: the transaction
    // fails, and the COMMIT that was sent behind it does nothing. WriteStatements knows the code. Volatile, or the
    // planner would call it in advance.
    static let refusals = Migration(
        number: 21, name: "refusing a batch inside its transaction",
        sql: """
            CREATE FUNCTION churn_refuse(statement text) RETURNS boolean LANGUAGE plpgsql VOLATILE AS $$
            BEGIN
                RAISE EXCEPTION USING ERRCODE = 'UC001',
                    MESSAGE = 'another writer was faster: ' || statement || ' refuses the batch',
                    HINT = 'The pipeline reads what is stored and goes on from there; nothing is lost.';
            END $$;
            """)
}
