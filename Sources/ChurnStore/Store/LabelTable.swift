import ChurnCore

/// A table or view of the database that holds the outcomes of customers.
public struct LabelTable: Sendable {
    let statement: Statement
    /// The table as it was named.
    public let name: String
    /// The column of labels.
    public let label: String

    /// Names the table and its columns.
    ///
    /// - Parameters:
    ///   - table: its name, with the schema's before a dot where it is not on the search path.
    ///   - id: the column of customers' ids.
    ///   - label: the column of labels; text, boolean or a number of 0 and 1.
    /// - Throws: where a name cannot be one of the database.
    public init(table: String, id: String, label: String) throws {
        let parts = try table.split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
            .map { try Identifier(String($0)).quoted }
        self.label = label
        let (id, label) = (try Identifier(id).quoted, try Identifier(label).quoted)
        self.name = table
        self.statement = Statement(
            name: "labels",
            sql: "SELECT \(id)::text, \(label)::text FROM \(parts.joined(separator: ".")) WHERE \(id) IS NOT NULL")
    }
}
