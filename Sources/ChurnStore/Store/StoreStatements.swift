import ChurnCore

/// The statements that depend on the domain's columns, made once for each store.
///
/// Every value is a parameter; what is put into the text are literals and quoted, checked identifiers. Sets of rows
/// come as parallel arrays. `unnest` stands in the select list, where arrays advance together and are not stored.
struct StoreStatements: Sendable {
    let readStates: Statement
    let lockStates: Statement
    let changeCustomers: Statement
    /// The same, and refused where a trigger changed a row in passing.
    let changeComparedCustomers: Statement
    let checkVersions: Statement
    let importCustomers: Statement
    let customerIDs: Statement
    let customerCount: Statement
    let logIntervention: Statement
    /// Makes the customers of outcomes ones that left or did not; see ``UsersTable/followOutcomes(where:)``.
    let followOutcomes: Statement
    /// What a case shows of its customer.
    let caseCustomers: Statement

    init(users: UsersTable) {
        let id = users.id.quoted
        let state = UsersTable.stateColumns.joined(separator: ", ")
        // Of the types that are read, though another program changed a column's.
        let read = users.columns.map { "\($0.name.quoted)::\($0.sqlType)" }.joined(separator: ", ")
        let columns = "\(id), \(state), \(read)"
        self.readStates = Statement(
            name: "read_states", sql: "SELECT \(columns) FROM users WHERE \(id) = ANY($1::text[])")
        self.lockStates = Statement(
            name: "lock_states",
            sql: "SELECT \(columns) FROM users WHERE \(id) = ANY($1::text[]) ORDER BY \(id) FOR UPDATE")

        let scores = """
            churn_version = c.new_version, churn_probability = c.probability, churn_band = c.band,
            churn_scored_at = c.scored_at, churn_at_risk = c.at_risk, churn_alerted_at = c.alerted_at,
            churn_left_at = c.left_at, churn_last_event_at = c.last_event_at
            """
        let scoreSource = """
            SELECT unnest($1::text[]) AS id, unnest($2::int8[]) AS read_version, unnest($3::int8[]) AS new_version,
                unnest($4::float8[]) AS probability, unnest($5::text[]) AS band,
                unnest($6::timestamptz[]) AS scored_at, unnest($7::bool[]) AS at_risk,
                unnest($8::timestamptz[]) AS alerted_at, unnest($9::timestamptz[]) AS left_at,
                unnest($10::timestamptz[]) AS last_event_at
            """
        let features = users.columns.enumerated().map { index, column in
            (name: column.name.quoted, source: "unnest($\(index + 11)::\(column.arrayType)) AS f\(index)", index: index)
        }
        // One statement for all customers of a batch, which come in the order of their ids: every writer of `users` locks
        // its rows in that order, or two of them could wait for each other.
        let change = """
            UPDATE users AS u SET \(features.map { "\($0.name) = c.f\($0.index), " }.joined()) \(scores)
            FROM (\(([scoreSource] + features.map(\.source)).joined(separator: ", "))) AS c
            WHERE u.\(id) = c.id AND u.churn_version = c.read_version
            """
        self.changeCustomers = WriteStatements.complete(name: "change_customers", of: "text[]", change)
        let isAsSent = users.columns.enumerated().map { index, column in
            "u.\(column.name.quoted)::\(column.sqlType) IS NOT DISTINCT FROM c.f\(index)"
        }
        self.changeComparedCustomers = WriteStatements.complete(
            name: "change_compared_customers", of: "text[]",
            counting: "\(change) RETURNING \(isAsSent.joined(separator: " AND ")) AS is_right")
        // Takes no locks. A writer that moves one of these customers right after this comes after the batch: the log has
        // the version that was scored.
        self.checkVersions = WriteStatements.complete(
            name: "check_versions", of: "text[]",
            counting: """
                SELECT true AS is_right FROM (SELECT unnest($1::text[]) AS id, unnest($2::int8[]) AS version) AS c
                JOIN users u ON u.\(id) = c.id AND u.churn_version = c.version
                """)
        // The system column xmax is zero in a row that this statement inserted.
        self.importCustomers = Statement(
            name: "import_customers",
            sql: """
                INSERT INTO users AS u (\(id), \(state)\(features.map { ", \($0.name)" }.joined()))
                SELECT c.id, c.new_version, c.probability, c.band, c.scored_at, c.at_risk, c.alerted_at,
                    c.left_at, c.last_event_at
                    \(features.map { ", c.f\($0.index)" }.joined())
                FROM (\(([scoreSource] + features.map(\.source)).joined(separator: ", "))) AS c
                ON CONFLICT (\(id)) DO UPDATE SET churn_version = u.churn_version + 1,
                    churn_left_at = coalesce(u.churn_left_at, excluded.churn_left_at)
                    \(features.map { ", \($0.name) = excluded.\($0.name)" }.joined())
                RETURNING xmax = 0
                """)
        self.customerIDs = Statement(
            name: "customer_ids", sql: "SELECT \(id) FROM users WHERE \(id) > $1::text ORDER BY \(id) LIMIT $2::int8")
        self.customerCount = Statement(name: "customer_count", sql: "SELECT count(*) FROM users")
        self.logIntervention = Statement(
            name: "log_intervention",
            sql: """
                INSERT INTO intervention_log (customer_id, action_taken, log_timestamp, agent_id, intervention_type, note,
                    action_id, alert_id, prediction_id)
                SELECT $1::text, $2::text, $3::timestamptz, $4::text, $5::text, $6::text, $7::text, $8::int8, (
                    SELECT event_id FROM event_log l WHERE l.user_id = $1::text AND l.churn_probability IS NOT NULL
                    ORDER BY event_id DESC LIMIT 1)
                WHERE EXISTS (SELECT FROM users WHERE \(id) = $1::text)
                RETURNING log_id, prediction_id
                """)
        self.followOutcomes = Statement(
            name: "follow_outcomes", sql: users.followOutcomes(where: "o.user_id = ANY($1::text[])"))
        self.caseCustomers = Statement(
            name: "case_customers",
            sql: """
                SELECT \(id), churn_probability, churn_band, churn_scored_at, churn_at_risk, churn_left_at FROM users
                WHERE \(id) = ANY($1::text[])
                """)
    }
}

extension UsersTable.Column {
    /// The type of an array of the column's values.
    var arrayType: String {
        switch self.type {
        case .numeric: "float8[]"
        case .categorical: "text[]"
        case .boolean: "bool[]"
        }
    }
}
