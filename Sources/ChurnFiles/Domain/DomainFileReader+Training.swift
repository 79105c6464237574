import ChurnCore
import Yams

extension DomainFileReader {
    private static let trainingKeys = [
        "folds", "rounds", "patience", "learning_rate", "depth", "row_share", "column_share", "minimum_child_weight",
        "regularization", "class_weight", "calibration", "monotone", "search",
    ]

    /// Returns the training settings of this domain.
    func training(_ node: Node, schema: FeatureSchema) -> TrainingSettings {
        var settings = TrainingSettings()
        guard let fields = self.fields(of: node, in: "training", allowed: Self.trainingKeys) else { return settings }
        let place = "training"
        settings.folds = self.count(fields, "folds", place, 2...20)
        settings.rounds = self.count(fields, "rounds", place, 1...100_000)
        settings.patience = self.count(fields, "patience", place, 1...100_000)
        settings.learningRate = self.amount(fields, "learning_rate", place, 0.0001...1)
        settings.depth = self.count(fields, "depth", place, 1...16)
        settings.rowShare = self.amount(fields, "row_share", place, 0.01...1)
        settings.columnShare = self.amount(fields, "column_share", place, 0.01...1)
        settings.minimumChildWeight = self.amount(fields, "minimum_child_weight", place, 0...1e9)
        settings.regularization = self.amount(fields, "regularization", place, 0...1e9)
        if let field = fields["class_weight"] {
            if field.scalar?.string == "balanced" {
                settings.classWeight = .balanced
            } else if let number = self.amount(fields, "class_weight", place, 0.001...1_000) {
                settings.classWeight = .factor(number)
            }
        }
        settings.calibration = fields["calibration"].flatMap {
            self.choice($0, CalibrationMethod.self, "training.calibration")
        }
        settings.monotone = fields["monotone"].map { self.monotone($0, schema: schema) } ?? [:]
        settings.search = fields["search"].flatMap { self.search($0) }
        return settings
    }

    private func monotone(_ node: Node, schema: FeatureSchema) -> [String: MonotoneDirection] {
        guard let mapping = node.mapping else {
            self.fault(at: node, "`training.monotone` is not a mapping", "write `Feature: increasing` lines")
            return [:]
        }
        var directions: [String: MonotoneDirection] = [:]
        for (key, value) in mapping {
            guard let name = self.text(key, "a feature of `training.monotone`"),
                let index = self.feature(
                    named: String(name.split(separator: "=", maxSplits: 1)[0]), at: key, in: schema),
                let direction = self.choice(value, MonotoneDirection.self, "the direction of \(name)")
            else { continue }
            let feature = schema.features[index]
            if feature.encoding == .oneHot, !name.contains("=") {
                self.fault(
                    at: key, "\(feature.name) is one-hot and has no order",
                    "give it the encoding ordinal, or constrain one category with `\(feature.name)=CATEGORY`")
            }
            directions[name] = direction
        }
        return directions
    }

    private func search(_ node: Node) -> TrainingSettings.Search? {
        let keys = [
            "method", "trials", "seconds", "learning_rate", "depth", "row_share", "column_share",
            "minimum_child_weight", "regularization",
        ]
        guard let fields = self.fields(of: node, in: "training.search", allowed: keys) else { return nil }
        let place = "training.search"
        var search = TrainingSettings.Search()
        search.method =
            fields["method"].flatMap { self.choice($0, TrainingSettings.Search.Method.self, "training.search.method") }
            ?? .random
        if let field = fields["seconds"], fields["trials"] != nil {
            self.fault(at: field, "training.search has two budgets", "give either `trials` or `seconds`")
        }
        if let trials = self.count(fields, "trials", place, 1...10_000) { search.budget = .trials(trials) }
        if let seconds = self.amount(fields, "seconds", place, 1...1_000_000) { search.budget = .seconds(seconds) }
        func numbers(_ key: String, _ range: ClosedRange<Double>, _ defaultValue: [Double]) -> [Double] {
            guard let field = fields[key] else { return defaultValue }
            return self.entries(of: field, in: "training.search.\(key)").compactMap {
                self.amount([key: $0], key, place, range)
            }
        }
        let space = search.space
        search.space.learningRate = numbers("learning_rate", 0.0001...1, space.learningRate)
        search.space.depth = numbers("depth", 1...16, space.depth.map { Double($0) }).map { Int($0) }
        search.space.rowShare = numbers("row_share", 0.01...1, space.rowShare)
        search.space.columnShare = numbers("column_share", 0.01...1, space.columnShare)
        search.space.minimumChildWeight = numbers("minimum_child_weight", 0...1e9, space.minimumChildWeight)
        search.space.regularization = numbers("regularization", 0...1e9, space.regularization)
        return search
    }

    private func amount(
        _ fields: [String: Node], _ key: String, _ place: String, _ range: ClosedRange<Double>
    ) -> Double? {
        guard let field = fields[key], let number = self.number(field, "\(place).\(key)") else { return nil }
        guard range.contains(number) else {
            self.fault(
                at: field, "\(place).\(key) is out of range", "give \(range.lowerBound) to \(range.upperBound)")
            return nil
        }
        return number
    }

    private func count(
        _ fields: [String: Node], _ key: String, _ place: String, _ range: ClosedRange<Int>
    ) -> Int? {
        guard let field = fields[key], let number = self.number(field, "\(place).\(key)") else { return nil }
        guard let count = Int(exactly: number), range.contains(count) else {
            self.fault(
                at: field, "\(place).\(key) is not a whole number in its range",
                "give \(range.lowerBound) to \(range.upperBound)")
            return nil
        }
        return count
    }
}
