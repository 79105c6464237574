import ChurnCore

/// The name of a table, column or schema, checked, and quoted wherever it enters a statement.
struct Identifier: Hashable, Sendable, CustomStringConvertible {
    let name: String

    /// - Throws: `invalidConfiguration` for a name that PostgreSQL would refuse or silently cut.
    init(_ name: String) throws {
        guard !name.isEmpty, name.utf8.count <= 63, name.utf8.allSatisfy({ $0 >= 0x20 && $0 != 0x7F }) else {
            throw ChurnError(
                .invalidConfiguration, .fatal, during: "check a database name",
                advice: "A column or schema name needs 1 to 63 bytes without control characters.")
        }
        self.name = name
    }

    var quoted: String { "\"" + self.name.replacing("\"", with: "\"\"") + "\"" }
    /// The name as a text literal.
    var literal: String { "'" + self.name.replacing("'", with: "''") + "'" }
    var description: String { self.quoted }
}
