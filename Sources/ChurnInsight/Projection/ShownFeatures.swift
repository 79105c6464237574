package import ChurnCore

/// The places where a projection finds the features that the domain shows.
package struct ShownFeatures: Hashable, Sendable {
    enum Source: Hashable {
        case segment, value, tenure
        /// One of the features that are kept for being shown.
        case kept(Int)
    }

    /// By update field.
    let sources: [Source]
    /// The features that are kept for being shown alone.
    package let kept: [Kept]

    /// A feature that is kept for being shown alone.
    package struct Kept: Hashable, Sendable {
        /// The feature; an index in the schema.
        package var feature: Int
        var type: FeatureType
    }

    /// Nothing is shown.
    package init() { (self.sources, self.kept) = ([], []) }

    /// Creates the places from a domain's update fields.
    package init(_ domain: Domain) {
        let types = domain.schema.features.map(\.type)
        var (sources, kept): ([Source], [Kept]) = ([], [])
        for field in domain.updateFields {
            switch field.feature {
            case domain.segmentFeature where types[field.feature] == .categorical: sources.append(.segment)
            case domain.valueFeature where types[field.feature] == .numeric: sources.append(.value)
            case domain.tenureFeature where types[field.feature] == .numeric: sources.append(.tenure)
            case let feature:
                let place = kept.firstIndex { $0.feature == feature } ?? kept.count
                if place == kept.count { kept.append(Kept(feature: feature, type: types[feature])) }
                sources.append(.kept(place))
            }
        }
        (self.sources, self.kept) = (sources, kept)
    }
}
