import ChurnCore

/// The message of PostgreSQL or of the way to it, without the parts that hold row values.
///
/// The server's message and detail quote keys and rows; they are dropped where they are read. What is left names
/// objects of the schema only.
struct PostgresFailure: Error, Hashable, CustomStringConvertible {
    enum Kind: Hashable {
        /// No connection could be made; the text is libpq's and names addresses and users.
        case unreachable(String)
        /// The connection broke.
        case lost
        /// The server did not answer in time.
        case unanswered
        /// The server refused a statement.
        case refused(sqlState: String)
        /// A statement before this one in the pipeline was refused.
        case skipped
        /// The program sent what cannot be sent; a defect.
        case misuse
    }

    var kind: Kind
    var constraint: String?
    var table: String?
    /// The object that a privilege is lacking on, as the server names it.
    var object: String?
    /// Whether a function that is not ours raised it, such as that of another program's trigger.
    var isForeign = false
    /// Whether a plan that was kept does not fit the table any more.
    var isStalePlan = false

    init(_ kind: Kind, constraint: String? = nil, table: String? = nil) {
        self.kind = kind
        self.constraint = constraint
        self.table = table
    }

    var sqlState: String? {
        if case .refused(let state) = self.kind { state } else { nil }
    }

    /// The meaning of the server's refusal; nil where it refused nothing.
    var meaning: SQLStateMeaning? {
        guard let state = self.sqlState else { return nil }
        if self.isStalePlan { return .session }
        let meaning = SQLStateMeaning(state)
        guard self.isForeign else { return meaning }
        return switch meaning {
        // Another program's function asks for what is not there, or may not.
        case .tables, .statement, .privilege, .login: .row
        case .timeout: .suspectedRow
        case .outage where !Self.passing.contains(state): .suspectedRow
        default: meaning
        }
    }

    /// What comes of two transactions that meet, also in a trigger.
    private static let passing: Set<String> = ["40001", "40003", "40P01", "55P03"]

    /// Whether a number that we gave a row is taken already.
    ///
    /// The input had no say in it: numbers lie behind their table after a failover or a copy without sequences.
    var isTakenNumber: Bool {
        guard self.sqlState == "23505", let table, let constraint, constraint.hasSuffix("_pkey") else { return false }
        // The key of a partition has the partition's name.
        return table.hasPrefix("event_log") || Migration.numbered.contains(table)
    }

    /// Whether a row of our own making does not fit what the tables hold; no input is at fault, and no number to raise.
    var isOurOwnRow: Bool {
        guard let table, !self.isForeign else { return false }
        return switch self.sqlState {
        // Updates are numbered by the positions that were stored with them.
        case "23505": ["update_log", "stream_positions"].contains(table)
        // No partition takes the row; a check would be named.
        case "23514": table == "event_log" && self.constraint == nil
        default: false
        }
    }

    /// Whether nothing more can come over this connection.
    ///
    /// A session that began while the server was read-only (25006) stays so when the server is not: a new one may write.
    var endsConnection: Bool {
        switch self.kind {
        case .unreachable, .lost, .unanswered, .misuse: true
        case .refused: self.meaning == .session
        case .skipped: false
        }
    }

    /// Whether a COMMIT that was sent may have been done all the same.
    var leavesCommitOpen: Bool {
        guard self.endsConnection, self.kind != .misuse else { return false }
        // A statement before it was refused: the server skipped it.
        return self.sqlState.map { $0.hasPrefix("57P") || $0.hasPrefix("08") } ?? true
    }

    var description: String {
        var text =
            switch self.kind {
            case .unreachable(let message): "unreachable: \(message)"
            case .lost: "the connection broke"
            case .unanswered: "the server did not answer in time"
            case .refused(let state): "SQLSTATE \(state)"
            case .skipped: "skipped after an error"
            case .misuse: "misuse of the protocol"
            }
        if let table { text += ", table \(table)" }
        if let constraint { text += ", constraint \(constraint)" }
        if self.isForeign { text += ", raised in a function that is not ours, such as a trigger's" }
        return text
    }
}
