extension TrainingSettings {
    /// A search for better parameters, with a stated budget.
    public struct Search: Hashable, Sendable {
        /// The order in which the space is searched.
        public enum Method: String, Hashable, Sendable, CaseIterable {
            /// Combinations drawn by the seed, none of them twice.
            case random
            /// Every combination, one after the other.
            case grid
        }

        /// The limit of the search.
        public enum Budget: Hashable, Sendable {
            /// After this many combinations.
            case trials(Int)
            /// After this many seconds; the combination that is being tried is finished.
            ///
            /// How many that are depends on the machine, and so may the model.
            case seconds(Double)
        }

        /// The values that are combined; an empty list keeps the value of the options.
        public struct Space: Hashable, Sendable {
            /// Learning rates.
            public var learningRate: [Double]
            /// Depths of trees.
            public var depth: [Int]
            /// Shares of customers that each tree sees.
            public var rowShare: [Double]
            /// Shares of columns that each question may ask about.
            public var columnShare: [Double]
            /// Least weights of customers in a leaf.
            public var minimumChildWeight: [Double]
            /// Strengths with which leaves are drawn towards 0.
            public var regularization: [Double]

            /// Creates a space; by default 1,440 combinations that suit a few thousand to some hundred thousand customers.
            public init(
                learningRate: [Double] = [0.02, 0.03, 0.05, 0.1], depth: [Int] = [2, 3, 4, 5, 6],
                rowShare: [Double] = [0.6, 0.8, 1], columnShare: [Double] = [0.3, 0.5, 0.8],
                minimumChildWeight: [Double] = [1, 5], regularization: [Double] = [1, 3, 5, 10]
            ) {
                self.learningRate = learningRate
                self.depth = depth
                self.rowShare = rowShare
                self.columnShare = columnShare
                self.minimumChildWeight = minimumChildWeight
                self.regularization = regularization
            }
        }

        /// The order of the search.
        public var method: Method
        /// The limit of the search.
        public var budget: Budget
        /// The parameters that are combined.
        public var space: Space

        /// Creates a search.
        public init(method: Method = .random, budget: Budget = .trials(20), space: Space = Space()) {
            self.method = method
            self.budget = budget
            self.space = space
        }
    }
}
