public import ChurnCore

/// The importance of each feature to one model, over all customers and over those of each segment.
public struct ImportanceSummary: Hashable, Sendable {
    /// The means of one group of customers.
    public struct Group: Hashable, Sendable {
        /// The segment; nil for all customers.
        public var segment: String?
        /// The number of customers.
        public var customers: Int
        /// The mean absolute contribution of each feature, in the schema's order, in log-odds.
        public var importances: [Double]

        /// Creates a group.
        public init(segment: String?, customers: Int, importances: [Double]) {
            self.segment = segment
            self.customers = customers
            self.importances = importances
        }
    }

    /// The model.
    public var model: ModelIdentity
    /// The time at which the customers were read.
    public var time: Timestamp
    /// All customers first, then the segments by name.
    public var groups: [Group]

    /// Creates a summary.
    public init(model: ModelIdentity, time: Timestamp, groups: [Group]) {
        self.model = model
        self.time = time
        self.groups = groups
    }
}

/// Keeps how much features matter.
public protocol ImportanceStore: Sendable {
    /// Replaces what was known of the model, all at once, and makes it the one that is shown by default.
    func replaceImportances(_ summary: ImportanceSummary) async throws
    /// Shows what is known of this model, the one that serves, by default.
    ///
    /// - Returns: whether anything is known of it; nothing is shown by default where not.
    func showImportances(of model: ModelIdentity) async throws -> Bool
}
