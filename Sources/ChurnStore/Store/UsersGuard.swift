import ChurnCore
import Logging

/// The condition under which what a process remembers of `users` holds: versions show every change of another program.
///
/// They do while our triggers fire, whoever writes. A program that switches them off, rewrites the table or loads another
/// one leaves the versions as they are, but it cannot hide that: the table's file, its triggers' rows or the server
/// differ from what they were. So each batch compares this stamp, after its rows are locked.
struct UsersGuard: Hashable, Sendable {
    /// What a batch must find; nil where changes of other programs do not show, and nothing that is remembered counts.
    var stamp: String?
    /// Whether another program's trigger may change a row while it is written, so that what was stored is compared.
    var comparesRows: Bool

    // The stamp of the table as it is. The name is looked up each time: the table may be another one.
    private static let current = """
        SELECT concat_ws(' ', extract(epoch FROM pg_postmaster_start_time()), c.oid, c.relfilenode,
            (SELECT string_agg(concat_ws(':', t.oid, t.xmin, t.tgenabled), ' ' ORDER BY t.oid)
                FROM pg_trigger t WHERE t.tgrelid = c.oid AND NOT t.tgisinternal))
        FROM pg_class c WHERE c.oid = to_regclass('users')
        """

    static let check = Statement(
        name: "check_users",
        sql: "SELECT CASE WHEN $1::text = (\(current)) THEN true ELSE churn_refuse('check_users') END")

    // Bits of tgtype: 1 for each row, 2 before, 16 on update.
    private static let read = Statement(
        name: "read_users_guard",
        sql: """
            SELECT (\(current)), count(*) FILTER (WHERE isours AND tgenabled = 'A') = \(UsersTable.triggers.count),
                count(*) FILTER (WHERE NOT isours AND tgenabled <> 'D' AND tgtype & 19 = 19) > 0
            FROM (SELECT t.*, t.tgname IN (\(UsersTable.triggers.map { "'\($0)'" }.joined(separator: ", "))) AS isours
                FROM pg_trigger t WHERE t.tgrelid = to_regclass('users') AND NOT t.tgisinternal) AS t
            """)

    /// Reads the guard of the table as it is.
    static func current(on connection: isolated PostgresConnection) throws -> UsersGuard {
        let row = try connection.run(Self.read)
        return UsersGuard(
            stamp: row.boolean(0, 1) ? row.optional(0, 0, row.text) : nil, comparesRows: row.boolean(0, 2))
    }
}

/// The guard that everything holds to that this process remembers.
final class KnownGuard: Sendable {
    private let known = Locked<UsersGuard?>(nil)

    /// The guard; nil before it was read.
    var value: UsersGuard? { self.known.withLock { $0 } }

    /// Takes up the guard of the table as it is, and returns the one of before.
    @discardableResult
    func set(_ guardian: UsersGuard) -> UsersGuard? {
        self.known.withLock { known in
            defer { known = guardian }
            return known
        }
    }
}

extension PostgresStore {
    /// Returns the guard under which customers are read; the first time it is asked for.
    func usersGuard(on connection: isolated PostgresConnection) throws -> UsersGuard {
        if let known = self.knownGuard.value { return known }
        return try self.readGuard(on: connection)
    }

    /// Reads the guard of the table as it is; from now on batches hold to it.
    @discardableResult
    func readGuard(on connection: isolated PostgresConnection) throws -> UsersGuard {
        let found = try UsersGuard.current(on: connection)
        let before = self.knownGuard.set(found)
        if found.stamp == nil, before?.stamp != nil || before == nil {
            self.logger.warning(
                """
                Triggers of the table users are missing or switched off; every batch is written under locks, which is \
                slow. Migrate the database to have them again.
                """)
        }
        return found
    }
}
