/// What a projection keeps of a customer.
public struct ProjectedCustomer: Hashable, Sendable {
    /// The customer's id.
    public var id: String
    /// The name of its segment; nil where it has none.
    public var segment: String?
    /// What it is worth; nil where that is not known.
    public var value: Double?
    /// For how many months it has been a customer; nil where that is not known.
    public var tenure: Double?
    /// The latest score; nil before the first.
    public var latest: LatestScore?

    /// Creates a row.
    public init(id: String, segment: String?, value: Double?, tenure: Double? = nil, latest: LatestScore?) {
        self.id = id
        self.segment = segment
        self.value = value
        self.tenure = tenure
        self.latest = latest
    }

    /// What is kept of a state.
    public init(_ state: CustomerState, in domain: Domain) {
        self.init(
            id: state.id, segment: state.features[domain.segmentFeature].segmentName,
            value: state.features[domain.valueFeature].numberValue,
            tenure: domain.tenureFeature.flatMap { state.features[$0].numberValue }, latest: state.latest)
    }
}
