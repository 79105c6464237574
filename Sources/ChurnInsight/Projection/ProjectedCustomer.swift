public import ChurnCore

/// A customer as a projection keeps it.
public struct ProjectedCustomer: Hashable, Sendable {
    /// The customer's id.
    public var id: String
    /// The name of its segment; nil where it has none.
    public var segment: String?
    /// The value; nil where it is not known.
    public var value: Double?
    /// The months since it became a customer; nil where they are not known.
    public var tenure: Double?
    /// The latest score; nil before the first.
    public var latest: LatestScore?
    /// The values of the features that are kept for being shown alone, in their order.
    public var kept: [FeatureValue]
    /// The version of the customer's state.
    public var version: Int64
    /// The time at which the customer left; nil for one that did not.
    ///
    /// Who left is in no figure and no list.
    public var leftAt: Timestamp?
    /// The latest of the times that its events carry; nil before the first.
    public var lastEvent: Timestamp?

    /// Creates a row.
    public init(
        id: String, segment: String?, value: Double?, tenure: Double? = nil, latest: LatestScore?,
        kept: [FeatureValue] = [], version: Int64 = 0, leftAt: Timestamp? = nil, lastEvent: Timestamp? = nil
    ) {
        self.id = id
        self.segment = segment
        self.value = value
        self.tenure = tenure
        self.latest = latest
        self.kept = kept
        self.version = version
        self.leftAt = leftAt
        self.lastEvent = lastEvent
    }

    /// Creates the projected form of a state.
    ///
    /// - Parameter features: what is shown of a customer.
    package init(_ state: CustomerState, in domain: Domain, showing features: ShownFeatures = ShownFeatures()) {
        self.init(
            id: state.id, segment: state.features[domain.segmentFeature].segmentName,
            value: domain.value(of: state.features),
            tenure: domain.tenureFeature.flatMap { state.features[$0].numberValue }, latest: state.latest,
            kept: features.kept.map { state.features[$0.feature] }, version: state.version,
            leftAt: state.leftAt, lastEvent: state.lastEvent)
    }

    /// Returns the customer as it stands at a moment: one that is to leave later has not left.
    package func standing(at now: Timestamp) -> Self {
        guard let leftAt, leftAt > now else { return self }
        var customer = self
        customer.leftAt = nil
        return customer
    }
}
