import ChurnCore

extension TrainingSettings.Search {
    /// The options to try, one after the other: first those that were given, so that a search never ends below them.
    func candidates(from base: TrainingOptions, using random: inout SeededRandom) -> [TrainingOptions] {
        let limit: Int
        switch self.budget {
        case .trials(let count): limit = max(count, 1)
        case .seconds: limit = 10_000
        }
        var seen: Set<TrainingOptions> = [base]
        var candidates = [base]
        let combinations = self.space.combinations
        for turn in 0..<limit * 20 where candidates.count < limit {
            if self.method == .grid, turn >= combinations { break }
            let number = self.method == .grid ? turn : random.index(below: combinations)
            let candidate = self.space.options(base, number)
            if seen.insert(candidate).inserted { candidates.append(candidate) }
        }
        return candidates
    }
}

extension TrainingSettings.Search.Space {
    private var lengths: [Int] {
        [
            self.learningRate.count, self.depth.count, self.rowShare.count, self.columnShare.count,
            self.minimumChildWeight.count, self.regularization.count,
        ].map { max($0, 1) }
    }

    /// The number of combinations.
    var combinations: Int { self.lengths.reduce(1) { $0.multipliedReportingOverflow(by: $1).partialValue } }

    /// The combination of this number, the last list turning fastest.
    func options(_ base: TrainingOptions, _ number: Int) -> TrainingOptions {
        var rest = number
        let places = self.lengths.reversed().map { length -> Int in
            defer { rest /= length }
            return rest % length
        }
        var options = base
        func pick<Value>(_ values: [Value], _ place: Int, _ path: WritableKeyPath<TrainingOptions, Value>) {
            if !values.isEmpty { options[keyPath: path] = values[place] }
        }
        pick(self.regularization, places[0], \.regularization)
        pick(self.minimumChildWeight, places[1], \.minimumChildWeight)
        pick(self.columnShare, places[2], \.columnShare)
        pick(self.rowShare, places[3], \.rowShare)
        pick(self.depth, places[4], \.maximumDepth)
        pick(self.learningRate, places[5], \.learningRate)
        return options
    }
}
