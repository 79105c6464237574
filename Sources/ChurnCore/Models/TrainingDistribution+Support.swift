extension TrainingDistribution {
    /// The part of the space of features that the training customers covered.
    ///
    /// A model's score of a customer unlike all of these says nothing. Two things are looked at: whether a number lies
    /// within those of training, and whether two features have values that no customer had together although each is
    /// common alone. A number has three levels for that: zero, another number, missing.
    public struct Support: Codable, Hashable, Sendable {
        /// Two levels that hardly any training customer had together.
        public struct Pair: Codable, Hashable, Sendable {
            /// The first feature; an index in the schema.
            public var feature: Int
            /// Its level; see `level(of:at:)`.
            public var level: Int
            /// The second feature.
            public var other: Int
            /// The level of the second feature.
            public var otherLevel: Int
        }

        /// The number of customers with two levels that chance would give where fewer say nothing.
        static let fewestExpected = 10.0
        /// The share of what chance would give below which two levels are not had together.
        static let leastShare = 0.01
        /// The most pairs that are kept: those that chance would give most often.
        static let mostPairs = 2_048
        /// Features with more levels than this have no pairs: they are names rather than kinds.
        static let mostLevels = 64
        /// No more features than these, the first, have pairs.
        static let mostFeatures = 200

        /// The lowest and the highest number of each feature, in the schema's order; empty for other types, and where
        /// no customer has a number.
        public var ranges: [[Double]]
        /// The pairs of levels that no one had together, in the order of their features.
        public var apart: [Pair]

        /// Creates the support from each feature's lowest and highest number and the levels of training customers.
        ///
        /// - Parameter levels: for each feature the level of each customer, from 0, and the number of levels.
        package init(ranges: [[Double]], levels: [(ofCustomers: [UInt16], count: Int)]) {
            self.ranges = ranges
            let counted = levels.prefix(Self.mostFeatures)
            let alone = counted.map { feature in
                var counts = [Int](repeating: 0, count: feature.count)
                for level in feature.ofCustomers { counts[Int(level)] += 1 }
                return counts
            }
            var found: [(pair: Pair, expected: Double)] = []
            for (a, first) in counted.enumerated() where first.count <= Self.mostLevels {
                for (b, second) in counted.enumerated().dropFirst(a + 1) where second.count <= Self.mostLevels {
                    var together = [Int](repeating: 0, count: first.count * second.count)
                    for (x, y) in zip(first.ofCustomers, second.ofCustomers) {
                        together[Int(x) * second.count + Int(y)] += 1
                    }
                    for (cell, count) in together.enumerated() {
                        let (x, y) = cell.quotientAndRemainder(dividingBy: second.count)
                        let expected =
                            Double(alone[a][x]) * Double(alone[b][y]) / Double(max(first.ofCustomers.count, 1))
                        guard expected >= Self.fewestExpected, Double(count) < expected * Self.leastShare else {
                            continue
                        }
                        found.append((Pair(feature: a, level: x, other: b, otherLevel: y), expected))
                    }
                }
            }
            if found.count > Self.mostPairs {
                found = Array(found.sorted { $0.expected > $1.expected }.prefix(Self.mostPairs))
            }
            self.apart = found.map(\.pair).sorted {
                ($0.feature, $0.other, $0.level, $0.otherLevel) < ($1.feature, $1.other, $1.level, $1.otherLevel)
            }
        }

        /// Returns whether it can be used for a number of features.
        func fits(_ count: Int) -> Bool {
            self.ranges.count == count
                && self.ranges.allSatisfy {
                    $0.isEmpty || ($0.count == 2 && $0[0] <= $0[1] && $0.allSatisfy(\.isFinite))
                }
                && self.apart.allSatisfy {
                    (0..<count).contains($0.feature) && (0..<count).contains($0.other) && $0.feature != $0.other
                }
        }
    }

    /// The number of levels of a number.
    package static let levelsOfNumbers = 3

    /// The level of a value of a feature: the category's place, no and yes, or zero, another number and missing.
    ///
    /// - Returns: the last level for a missing value, and the one before it for a category without a place.
    package func level(of value: FeatureValue, at feature: Int) -> Int {
        let histogram = self.features[feature]
        switch value {
        case .number(let number): return number == 0 ? 0 : 1
        case .boolean(let flag): return flag ? 1 : 0
        case .text(let text): return histogram.categories.firstIndex(of: text) ?? histogram.categories.count
        case .missing:
            return histogram.type == FeatureType.numeric.rawValue ? Self.levelsOfNumbers - 1 : histogram.binCount - 1
        }
    }
}
