extension Domain {
    /// A feature that follows from others, such as a total from a tenure and a monthly charge.
    ///
    /// Such a feature cannot change alone: no customer like that was ever seen. A number follows the product of its
    /// factors, in the proportion that it has now.
    public struct FeatureLink: Hashable, Sendable {
        /// The feature that follows; an index in the schema.
        public var feature: Int
        /// The features from which it follows.
        public var factors: [Int]

        /// Creates a link.
        public init(feature: Int, factors: [Int]) {
            self.feature = feature
            self.factors = factors
        }

        /// Has the feature follow its factors, where these changed and it did not.
        ///
        /// A feature that is no number, or whose factors give no proportion because one of them was 0 or unknown, stays.
        package func follow(_ features: inout [FeatureValue], from before: [FeatureValue]) {
            guard features[self.feature] == before[self.feature], case .number(let old) = before[self.feature],
                let was = self.product(before), let product = self.product(features), was != 0, product != was
            else { return }
            let followed = old * (product / was)
            if followed.isFinite { features[self.feature] = .number(followed) }
        }

        /// Returns whether the feature changed although all that it follows from stayed.
        package func isBroken(by features: [FeatureValue], from before: [FeatureValue]) -> Bool {
            features[self.feature] != before[self.feature] && self.factors.allSatisfy { features[$0] == before[$0] }
        }

        private func product(_ features: [FeatureValue]) -> Double? {
            var product = 1.0
            for factor in self.factors {
                guard case .number(let number) = features[factor] else { return nil }
                product *= number
            }
            return product
        }
    }
}
