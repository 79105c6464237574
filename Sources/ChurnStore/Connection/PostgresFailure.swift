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

    init(_ kind: Kind, constraint: String? = nil, table: String? = nil) {
        self.kind = kind
        self.constraint = constraint
        self.table = table
    }

    var sqlState: String? {
        if case .refused(let state) = self.kind { state } else { nil }
    }

    /// Whether a number that we gave a row is taken already.
    ///
    /// The input had no say in it: numbers lie behind their table after a failover or a copy without sequences.
    var isTakenNumber: Bool {
        guard self.sqlState == "23505", let table, let constraint, constraint.hasSuffix("_pkey") else { return false }
        // The key of a partition has the partition's name.
        return table.hasPrefix("event_log") || Migration.numbered.contains(table)
    }

    /// Whether nothing more can come over this connection.
    ///
    /// A session that began while the server was read-only (25006) stays so when the server is not: a new one may write.
    var endsConnection: Bool {
        switch self.kind {
        case .unreachable, .lost, .unanswered, .misuse: true
        case .refused(let state):
            state.hasPrefix("57P") || state.hasPrefix("08") || state == "25P03" || state == "25006"
        case .skipped: false
        }
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
        return text
    }
}

extension PostgresFailure {
    private static let migrateAdvice = "The database's tables are not those of this version; migrate them"

    /// The error that leaves this package.
    func churnError(during operation: StaticString) -> ChurnError {
        func error(_ code: ChurnError.Code, _ disposition: FailureDisposition, _ advice: String) -> ChurnError {
            ChurnError(code, disposition, during: operation, advice: advice, underlying: self)
        }
        switch self.kind {
        case .unreachable(let message):
            return ChurnError.outOfDescriptors(during: operation, underlying: self)
                ?? error(.storeUnavailable, .retry, "PostgreSQL cannot be reached: \(message)")
        case .lost:
            return error(.storeUnavailable, .retry, "The connection to PostgreSQL broke.")
        case .unanswered:
            return error(.timedOut, .retry, "PostgreSQL did not answer in time.")
        case .skipped, .misuse:
            return error(.internalError, .fatal, "Please report this.")
        case .refused where self.isTakenNumber:
            return error(
                .numbersTaken, .retry,
                "The numbers of \(self.table ?? "a table") lay behind its rows, as after a failover; they were raised.")
        case .refused(let state):
            return self.refusal(state, during: operation)
        }
    }

    private func refusal(_ state: String, during operation: StaticString) -> ChurnError {
        func error(_ code: ChurnError.Code, _ disposition: FailureDisposition, _ advice: String) -> ChurnError {
            ChurnError(code, disposition, during: operation, advice: advice, underlying: self)
        }
        switch state {
        case "57014": return error(.timedOut, .retry, "A statement took longer than its timeout.")
        case "42P01", "42703", "42883", "3F000", "42P10":
            return error(.migrationNeeded, .fatal, Self.migrateAdvice)
        case "42501":
            let place = self.table.map { " on \($0)" } ?? ""
            return error(.invalidConfiguration, .fatal, "The database role lacks a privilege\(place).")
        case "28000", "28P01", "3D000":
            return error(.invalidConfiguration, .fatal, "PostgreSQL refused the login; check the URL.")
        default: break
        }
        switch state.prefix(2) {
        case "22", "23": return error(.dataRefused, .reject, "PostgreSQL refused the data (\(self.description)).")
        case "42", "0A", "21":
            return error(.internalError, .fatal, "PostgreSQL refused a statement (\(self.description)).")
        default: return error(.storeUnavailable, .retry, "PostgreSQL could not do it (\(self.description)).")
        }
    }
}
