public import ChurnCore

/// A fresh, empty store for one check, with what the checks cannot do through the protocols.
///
/// A check whose step is nil leaves that part of the contract untried.
public struct StoreUnderTest<Store: Sendable>: Sendable {
    /// The store; empty.
    public var store: Store
    /// The customer base that the store was made for.
    public var domain: Domain
    /// Starts a new life of a stream, as a reset of the stored positions does.
    public var startNewEpoch: (@Sendable (StreamName) async throws -> Void)?
    /// Changes a customer's feature as another program would, past the store.
    public var updateFeature: (@Sendable (_ customer: String, FeatureChange) async throws -> Void)?
    /// Forgets a partition's updates in blocks that end at or before a number, as retention does.
    public var forgetUpdates: (@Sendable (StreamPartition, _ through: Int64) async throws -> Void)?

    /// Creates a subject for the checks.
    public init(
        store: Store, domain: Domain, startNewEpoch: (@Sendable (StreamName) async throws -> Void)? = nil,
        updateFeature: (@Sendable (_ customer: String, FeatureChange) async throws -> Void)? = nil,
        forgetUpdates: (@Sendable (StreamPartition, _ through: Int64) async throws -> Void)? = nil
    ) {
        self.store = store
        self.domain = domain
        self.startNewEpoch = startNewEpoch
        self.updateFeature = updateFeature
        self.forgetUpdates = forgetUpdates
    }

    /// The values that the checks write.
    var samples: StoreSamples { StoreSamples(domain: self.domain) }
}

extension WriteOutcome {
    var isWritten: Bool { if case .written = self { true } else { false } }
    var isConflicted: Bool { if case .conflicted = self { true } else { false } }
    var fenced: [StreamPartition: StoredPosition?]? {
        if case .fenced(let partitions) = self { partitions } else { nil }
    }
}
