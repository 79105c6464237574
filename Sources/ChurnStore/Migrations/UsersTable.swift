import ChurnCore

/// The `users` table as a domain describes it: the customer's id, a column a feature, and our own columns.
///
/// Our own columns begin with `churn_`, so that no business's feature collides with one of them.
struct UsersTable: Sendable {
    /// A feature's column.
    struct Column: Sendable {
        var name: Identifier
        var type: FeatureType
        /// The categories that the domain lists.
        var categories: KnownTexts<FeatureValue>

        var sqlType: String {
            switch self.type {
            case .numeric: "double precision"
            case .categorical: "text"
            case .boolean: "boolean"
            }
        }
    }

    let id: Identifier
    let columns: [Column]

    /// The columns that hold what the pipeline knows beyond the features.
    static let stateColumns = [
        "churn_version", "churn_probability", "churn_band", "churn_scored_at", "churn_at_risk", "churn_alerted_at",
        "churn_left_at", "churn_last_event_at",
    ]

    /// - Throws: `invalidConfiguration` when the domain's names cannot be columns.
    init(_ domain: Domain) throws {
        self.id = try Identifier(domain.idColumn)
        self.columns = try domain.schema.features.map { feature in
            Column(
                name: try Identifier(feature.column), type: feature.type,
                categories: KnownTexts(feature.categories.map { ($0, .text($0)) }))
        }
        let names = [self.id.name] + self.columns.map(\.name.name)
        guard Set(names).count == names.count, !names.contains(where: { $0.hasPrefix("churn_") }) else {
            throw ChurnError(
                .invalidConfiguration, .fatal, during: "derive the users table",
                advice: "Two features share a column, or one begins with churn_, which is reserved.")
        }
    }

    /// The features' columns, separated by commas.
    var featureList: String { self.columns.map(\.name.quoted).joined(separator: ", ") }

    /// Creates the table.
    ///
    /// Leaves room in each page: every event updates a row, and a new version of it in the same page touches no index.
    var createStatement: String {
        """
        CREATE TABLE users (
            \(self.id.quoted) text COLLATE "C" PRIMARY KEY,
            \(self.columns.map { "\($0.name.quoted) \($0.sqlType)" }.joined(separator: ",\n    ")),
            churn_version bigint NOT NULL DEFAULT 0,
            churn_probability double precision,
            churn_band text,
            churn_scored_at timestamptz,
            churn_at_risk boolean NOT NULL DEFAULT false,
            churn_alerted_at timestamptz,
            churn_left_at timestamptz,
            churn_last_event_at timestamptz
        ) WITH (fillfactor = 70);
        """
    }
}
