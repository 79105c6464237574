/// The meaning of an error's SQLSTATE, and so what to do about it.
///
/// Decided for every class of PostgreSQL's list (appendix A of its manual), and for single codes where a class holds
/// several meanings. A code that is in no list can only come from a function of another program.
enum SQLStateMeaning: Hashable, CaseIterable {
    /// The server cannot do it at this moment: the same again later.
    case outage
    /// The session is not as it must be: the same again in a new one.
    case session
    /// It took longer than it may: the same again.
    case timeout
    /// The data of one row: whose row it is can be found.
    case row
    /// Most likely the data of one row, though a server in trouble says the same: tried again before it is believed.
    case suspectedRow
    /// The tables are not those of this version.
    case tables
    /// The role lacks a privilege.
    case privilege
    /// The login is refused.
    case login
    /// A statement of ours is wrong, unless another program's function raised it.
    case statement

    init(_ state: String) {
        self = Self.codes[state] ?? Self.classes[String(state.prefix(2))] ?? .row
    }

    static let classes: [String: SQLStateMeaning] = [
        // Not errors, but a function may raise them as one.
        "00": .row, "01": .row, "02": .row,
        "03": .statement, "08": .session,
        "09": .row,  // triggered action
        "0A": .statement, "0B": .session, "0F": .row, "0L": .privilege, "0P": .login,
        "0Z": .row,  // diagnostics, in a function only
        "10": .row,  // XQuery
        "20": .row,  // CASE without a case, in a function only
        "21": .row,  // cardinality
        "22": .row, "23": .row,
        "24": .session, "25": .session, "26": .session,
        "27": .row,  // a trigger that changes the row that is being changed
        "28": .login, "2B": .statement,
        "2D": .row,  // COMMIT in a trigger
        "2F": .row, "34": .session, "38": .row, "39": .row,
        "3B": .row,  // savepoints, in a function only
        "3D": .login, "3F": .tables,
        "40": .outage, "42": .statement, "44": .row,
        "53": .outage,
        "54": .row,  // limits of the program, such as a row that is too large for its index
        "55": .outage, "57": .outage, "58": .outage, "72": .outage, "F0": .outage,
        "HV": .suspectedRow,  // foreign tables, in a trigger
        "P0": .row, "XX": .outage,
    ]

    static let codes: [String: SQLStateMeaning] = [
        "40002": .row,
        "42501": .privilege,
        "42P01": .tables, "42703": .tables, "42883": .tables, "42P10": .tables,
        // Prepared under its name already, which a pooler's other client did.
        "42P05": .session,
        "53200": .suspectedRow,
        "54001": .suspectedRow,
        "57014": .timeout,
        "57P01": .session, "57P02": .session, "57P03": .session, "57P04": .session, "57P05": .session,
        "XX000": .suspectedRow,
    ]
}
