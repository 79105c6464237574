import ChurnCore

extension PostgresFailure {
    /// The advice about conditions of the server that a person ends.
    private static let outages = [
        "25006": "PostgreSQL is read-only, as a standby is: name the primary, or make this server writable again.",
        "53100": "The disk of PostgreSQL is full: free space on it or enlarge it, and what waits goes on.",
        "53300": "PostgreSQL has no connection left: raise max_connections, or use fewer or smaller pools.",
        "57P01": "PostgreSQL was stopped: start it again.",
        "57P02": "PostgreSQL crashed: it starts again by itself; look at its log.",
        "57P03": "PostgreSQL is starting or stopping: wait, or look at its log.",
        "58030": "PostgreSQL cannot read or write its files: look at its disk and its log.",
    ]

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
        case .refused where self.isOurOwnRow:
            return error(.storeUnavailable, .retry, self.ownRowAdvice)
        case .refused(let state):
            return self.refusal(state, during: operation)
        }
    }

    private var ownRowAdvice: String {
        self.sqlState == "23514"
            ? "event_log has no partition for this hour, though event_partitions may list one; restore both together."
            : "\(self.table ?? "A table") holds rows beyond the stored positions, as after a restore of some of the "
                + "tables; restore all of them together, or start the stream's next epoch."
    }

    private func refusal(_ state: String, during operation: StaticString) -> ChurnError {
        func error(_ code: ChurnError.Code, _ disposition: FailureDisposition, _ advice: String) -> ChurnError {
            ChurnError(code, disposition, during: operation, advice: advice, underlying: self)
        }
        switch self.meaning ?? .outage {
        case .timeout: return error(.timedOut, .retry, "A statement took longer than its timeout.")
        case .tables:
            return error(
                .migrationNeeded, .fatal, "The database's tables are not those of this version; migrate them")
        case .privilege:
            let place = (self.object ?? self.table).map { " on \($0)" } ?? ""
            return error(
                .privilegeMissing, .fatal,
                "The database role lacks a privilege\(place) (\(self)); grant it, and what waits goes on.")
        case .login: return error(.invalidConfiguration, .fatal, "PostgreSQL refused the login; check the URL.")
        case .row where state.hasPrefix("54"):
            return error(
                .dataRefused, .reject,
                "A row, an index entry or a table is beyond a limit of PostgreSQL (\(self)); leave out features, or "
                    + "shorten what is longest.")
        case .row: return error(.dataRefused, .reject, "PostgreSQL refused the data (\(self)).")
        case .suspectedRow:
            return error(.dataSuspected, .reject, "PostgreSQL failed, most likely over the data (\(self)).")
        case .statement: return error(.internalError, .fatal, "PostgreSQL refused a statement (\(self)).")
        case .session where Self.outages[state] != nil, .outage where Self.outages[state] != nil:
            return error(.storeUnavailable, .retry, "\(Self.outages[state] ?? "") (\(self))")
        case .session: return error(.storeUnavailable, .retry, "The session ended (\(self)); another one is made.")
        case .outage where state == "55P03":
            return error(
                .timedOut, .retry, "Another session keeps a lock that this waits for, as a migration does (\(self)).")
        case .outage: return error(.storeUnavailable, .retry, "PostgreSQL could not do it (\(self)).")
        }
    }
}
