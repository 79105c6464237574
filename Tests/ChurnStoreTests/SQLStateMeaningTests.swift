import ChurnCore
import Testing

@testable import ChurnStore

@Suite("The meaning of an SQLSTATE")
struct SQLStateMeaningTests {
    /// Every class of appendix A of PostgreSQL's manual, and of earlier versions, with one of its codes.
    static let examples: [(code: String, meaning: SQLStateMeaning)] = [
        ("00000", .row), ("01000", .row), ("02000", .row), ("03000", .statement), ("08006", .session), ("09000", .row),
        ("0A000", .statement), ("0B000", .session), ("0F001", .row), ("0L000", .privilege), ("0P000", .login),
        ("0Z000", .row), ("10608", .row), ("20000", .row), ("21000", .row), ("22003", .row), ("23514", .row),
        ("24000", .session), ("25006", .session), ("26000", .session), ("27000", .row), ("28P01", .login),
        ("2B000", .statement), ("2D000", .row), ("2F005", .row), ("34000", .session), ("38000", .row), ("39P01", .row),
        ("3B001", .row), ("3D000", .login), ("3F000", .tables), ("40001", .outage), ("42601", .statement),
        ("44000", .row), ("53100", .outage), ("54000", .row), ("55P03", .outage), ("57000", .outage),
        ("58030", .outage), ("72000", .outage), ("F0000", .outage), ("HV000", .suspectedRow), ("P0001", .row),
        ("XX001", .outage),
    ]

    @Test("is decided for every class, and for no class that is not in the list")
    func classes() {
        for example in Self.examples {
            #expect(SQLStateMeaning(example.code) == example.meaning, "\(example.code)")
        }
        #expect(Set(SQLStateMeaning.classes.keys) == Set(Self.examples.map { String($0.code.prefix(2)) }))
        #expect(SQLStateMeaning("ZX001") == .row, "only a function of another program raises it")
    }

    @Test(
        "is that of the code where a class has several",
        arguments: [
            ("25P02", .session), ("25P03", .session), ("40002", .row), ("40P01", .outage), ("42501", .privilege),
            ("42P01", .tables), ("42703", .tables), ("42883", .tables), ("42P10", .tables), ("42P05", .session),
            ("53200", .suspectedRow), ("53300", .outage), ("54001", .suspectedRow), ("57014", .timeout),
            ("57P01", .session), ("57P02", .session), ("57P03", .session), ("57P04", .session), ("57P05", .session),
            ("P0004", .row), ("XX000", .suspectedRow), ("XX002", .outage),
        ] as [(String, SQLStateMeaning)])
    func codes(_ code: String, _ meaning: SQLStateMeaning) {
        #expect(SQLStateMeaning(code) == meaning)
    }

    @Test(
        "says what to do",
        arguments: [
            (.outage, .retry), (.session, .retry), (.timeout, .retry), (.row, .reject), (.suspectedRow, .reject),
            (.tables, .fatal), (.privilege, .fatal), (.login, .fatal), (.statement, .fatal),
        ] as [(SQLStateMeaning, FailureDisposition)])
    func dispositions(_ meaning: SQLStateMeaning, _ disposition: FailureDisposition) throws {
        let codes = Self.examples.map(\.code) + SQLStateMeaning.codes.keys
        for code in codes where SQLStateMeaning(code) == meaning {
            let failure = PostgresFailure(.refused(sqlState: code))
            #expect(failure.churnError(during: "test").disposition == disposition, "\(code)")
            #expect(failure.endsConnection == (meaning == .session), "\(code)")
        }
    }

    @Test("of an error that another program's function raised is never ours, nor the end of the process")
    func foreign() {
        for code in Self.examples.map(\.code) + SQLStateMeaning.codes.keys {
            var failure = PostgresFailure(.refused(sqlState: code))
            failure.isForeign = true
            #expect(failure.churnError(during: "test").disposition != .fatal, "\(code)")
        }
    }

    @Test("of a plan that the table has outgrown is a new session, and of our own rows never a dead letter")
    func special() {
        var stale = PostgresFailure(.refused(sqlState: "0A000"))
        stale.isStalePlan = true
        #expect(stale.endsConnection && !stale.leavesCommitOpen)
        for (state, constraint, table) in [
            ("23505", "update_log_pkey", "update_log"), ("23505", "stream_positions_pkey", "stream_positions"),
            ("23514", nil, "event_log"), ("23505", "dead_letters_pkey", "dead_letters"),
        ] as [(String, String?, String)] {
            let failure = PostgresFailure(.refused(sqlState: state), constraint: constraint, table: table)
            #expect(failure.churnError(during: "test").disposition == .retry, "\(table)")
        }
        let check = PostgresFailure(.refused(sqlState: "23514"), constraint: "small", table: "event_log")
        #expect(check.churnError(during: "test").disposition == .reject)
        #expect(PostgresFailure(.refused(sqlState: "57P01")).leavesCommitOpen)
    }

    @Test(
        "a function is another program's unless its name is one of ours",
        arguments: [
            ("PL/pgSQL function rule() line 3 at RAISE", true),
            ("PL/pgSQL-Funktion rule() Zeile 3 bei RAISE", true),
            ("SQL statement \"UPDATE users\"\nPL/pgSQL function churn_raise_version() line 5", false),
            ("PL/pgSQL function rule() line 1\nPL/pgSQL function churn_raise_version() line 5", true),
            ("PL/pgSQL function inline_code_block line 3", false),
            ("COPY event_log, line 1, column event_data: \"{}\"", false), ("", false),
        ])
    func functions(_ context: String, _ isForeign: Bool) {
        #expect(PostgresResult.isForeign(context: context) == isForeign)
    }

    @Test("the object of a refused privilege is named, and nothing that a function wrote")
    func objects() {
        #expect(PostgresResult.deniedObject(message: "permission denied for table users") == "table users")
        #expect(PostgresResult.deniedObject(message: "permission denied for customer 7 of x") == nil)
        #expect(PostgresResult.deniedObject(message: "customer 7") == nil)
    }
}
