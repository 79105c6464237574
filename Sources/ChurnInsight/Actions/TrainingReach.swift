import ChurnCore

/// Says how far changed features lie from the customers that a model learned from.
///
/// What a customer is already is never held against a change: only changed features count, and only where what is new is
/// unlike everything in training. The support of a bundle that was made before it was kept is not known; then only
/// categories are looked at, and whether they were seen at all.
struct TrainingReach {
    private let distribution: TrainingDistribution?
    private let schema: FeatureSchema
    private let before: [FeatureValue]
    /// The pairs of levels that no one had together, by each of their features.
    private let apart: [Int: [TrainingDistribution.Support.Pair]]

    init(_ distribution: TrainingDistribution?, schema: FeatureSchema, before: [FeatureValue]) {
        let fitting = distribution.flatMap { $0.fits(schema) ? $0 : nil }
        self.distribution = fitting
        self.schema = schema
        self.before = before
        var apart: [Int: [TrainingDistribution.Support.Pair]] = [:]
        for pair in fitting?.support?.apart ?? [] {
            apart[pair.feature, default: []].append(pair)
            apart[pair.other, default: []].append(pair)
        }
        self.apart = apart
    }

    /// Whether the bundle says which part of the space of features its customers covered.
    var isKnown: Bool { self.distribution?.support != nil }

    /// The ways in which changed features are unlike every training customer, each as a sentence's part.
    func caveats(_ features: [FeatureValue]) -> [String] {
        guard let distribution else { return [] }
        let changed = features.indices.filter { features[$0] != self.before[$0] }
        var caveats: [String] = []
        for feature in changed {
            if let caveat = self.alone(features[feature], at: feature, distribution) { caveats.append(caveat) }
        }
        var said: Set<TrainingDistribution.Support.Pair> = []
        for feature in changed {
            for pair in self.apart[feature] ?? []
            where Self.matches(pair, features, distribution) && !Self.matches(pair, self.before, distribution)
                && said.insert(pair).inserted
            {
                caveats.append(
                    "\(self.text(features, pair.feature)) with \(self.text(features, pair.other)) "
                        + "was never seen in training")
            }
        }
        return caveats
    }

    private func alone(_ value: FeatureValue, at feature: Int, _ distribution: TrainingDistribution) -> String? {
        let label = self.schema.features[feature].label
        switch value {
        case .number(let number):
            guard let range = distribution.support?.ranges[feature], range.count == 2,
                !(range[0]...range[1]).contains(number)
            else { return nil }
            return "\(label) of \(PlainNumber.text(number)) is outside training, which had "
                + "\(PlainNumber.text(range[0])) to \(PlainNumber.text(range[1]))"
        case .text(let text):
            let histogram = distribution.features[feature]
            let level = distribution.level(of: value, at: feature)
            guard level >= histogram.categories.count || histogram.counts[level] == 0 else { return nil }
            return "\(label) \(text) was never seen in training"
        case .boolean, .missing: return nil
        }
    }

    private func text(_ features: [FeatureValue], _ feature: Int) -> String {
        let label = self.schema.features[feature].label
        return switch features[feature] {
        case .missing: "unknown \(label)"
        case .boolean(let flag): "\(label) \(flag ? "yes" : "no")"
        case .number(let number): "\(label) of \(PlainNumber.text(number))"
        case .text(let text): "\(label) \(text)"
        }
    }

    private static func matches(
        _ pair: TrainingDistribution.Support.Pair, _ features: [FeatureValue], _ distribution: TrainingDistribution
    ) -> Bool {
        distribution.level(of: features[pair.feature], at: pair.feature) == pair.level
            && distribution.level(of: features[pair.other], at: pair.other) == pair.otherLevel
    }
}
