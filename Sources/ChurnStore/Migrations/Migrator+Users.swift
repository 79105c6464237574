import ChurnCore

extension Migrator {
    /// A change that makes `users` follow the domain.
    struct UsersChange {
        var label: String
        var sql: String
    }

    /// Returns what makes `users` and its triggers follow the domain; nil where they do.
    ///
    /// - Parameter isNewer: whether a newer version was here, whose triggers are left as they are.
    static func usersChange(
        on connection: isolated PostgresConnection, users: UsersTable, isNewer: Bool
    ) throws -> UsersChange? {
        let types = try Self.columnTypes(on: connection)
        if types.isEmpty { return UsersChange(label: "users", sql: users.createStatement + users.triggerStatements) }
        let wrong = users.columns.filter { column in types[column.name.name].map { $0 != column.sqlType } ?? false }
        let strange = ([users.id.name] + UsersTable.stateColumns).filter { types[$0] == nil }
        guard wrong.isEmpty, strange.isEmpty else {
            let columns = (wrong.map(\.name.name) + strange).joined(separator: ", ")
            throw ChurnError(
                .schemaMismatch, .fatal, during: "derive the users table",
                advice: "These columns of users are missing or have another type than the domain says: \(columns).")
        }
        let missing = users.columns.filter { types[$0.name.name] == nil }
        if missing.isEmpty {
            let isWatched = try Self.watchedColumns(on: connection) == Set(users.watched.map(\.name))
            return isNewer || isWatched ? nil : UsersChange(label: "users: trigger", sql: users.triggerStatements)
        }
        let columns = missing.map { "ALTER TABLE users ADD COLUMN \($0.name) \($0.sqlType);" }
        return UsersChange(
            label: "users: " + missing.map(\.name.name).joined(separator: ", "),
            sql: columns.joined() + users.triggerStatements)
    }

    /// The columns that the trigger on updates compares; none where one of the triggers is missing, or does not fire
    /// whoever writes.
    private static func watchedColumns(on connection: isolated PostgresConnection) throws -> Set<String> {
        let names = UsersTable.triggers.map { "'\($0)'" }.joined(separator: ", ")
        let rows = try connection.run(
            Statement(
                name: "watched_columns",
                sql: """
                    SELECT t.tgname::text, t.tgargs FROM pg_trigger t
                    WHERE t.tgrelid = 'users'::regclass AND t.tgname IN (\(names)) AND t.tgenabled = 'A'
                    """))
        guard rows.rowCount == UsersTable.triggers.count else { return [] }
        // Each argument ends with a zero.
        return (0..<rows.rowCount).filter { rows.text($0, 0) == UsersTable.triggerName }.reduce(into: []) {
            names, row in
            for name in rows.bytes(row, 1).split(separator: 0) { names.insert(String(decoding: name, as: UTF8.self)) }
        }
    }
}
