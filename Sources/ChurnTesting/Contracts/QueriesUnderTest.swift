public import ChurnCore
public import ChurnInsight

/// Queries over a fresh, empty store for one check, with what the checks cannot do through the protocols.
///
/// A check whose step is nil leaves that part of the contract untried.
public struct QueriesUnderTest: Sendable {
    /// The store that the queries are about; empty.
    public typealias Store = CustomerDirectory & InterventionLog & ModelRecords & RiskSnapshotLog & TransactionalStore

    /// The queries.
    public var queries: any CustomerQueries
    /// The store to which the checks write; it may be the same object.
    public var store: any Store
    /// The customer base.
    public var domain: Domain
    /// Makes the store take this time for the present when it records what is written from now on.
    public var setPresent: (@Sendable (Timestamp) async throws -> Void)?
    /// Replaces the features' importances.
    public var setImportances: (@Sendable ([FeatureImportance]) async throws -> Void)?

    /// Creates a subject for the checks.
    public init(
        queries: any CustomerQueries, store: any Store, domain: Domain,
        setPresent: (@Sendable (Timestamp) async throws -> Void)? = nil,
        setImportances: (@Sendable ([FeatureImportance]) async throws -> Void)? = nil
    ) {
        self.queries = queries
        self.store = store
        self.domain = domain
        self.setPresent = setPresent
        self.setImportances = setImportances
    }
}

extension CustomerProjectionFeed.Configuration {
    /// Reads what the checks write in portions of two, and pages of at most four as a whole.
    public static var ofShortPortions: Self {
        var configuration = Self()
        (configuration.longestReadPage, configuration.alertPortion) = (4, 2)
        return configuration
    }
}
