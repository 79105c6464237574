public import ArgumentParser
import ChurnCore

/// The training settings, as flags; each counts before the same line of the domain file's `training`.
struct TrainingFlags: ParsableArguments {
    @Option(help: "In how many folds the number of trees is chosen and the model measured (default: 5).")
    var foldCount: Int?
    @Option(help: "The most trees (default: 2000).") var rounds: Int?
    @Option(help: "Stop when the loss has not fallen for this many trees (default: 50).") var patience: Int?
    @Option(help: "How much each tree corrects.") var learningRate: Double?
    @Option(help: "How many questions a tree asks, one after the other.") var depth: Int?
    @Option(help: "The share of customers that each tree sees.") var rowShare: Double?
    @Option(help: "The share of columns that each question may ask about.") var columnShare: Double?
    @Option(help: "The least weight of customers in a leaf.") var minimumChildWeight: Double?
    @Option(help: "How strongly leaves are drawn towards 0 (L2).") var regularization: Double?
    @Option(help: "How much more a customer who left counts: a number, or balanced (default: 1).")
    var classWeight: String?
    @Option(help: "How scores become probabilities: none, platt, beta, isotonic or blend (default: blend).")
    var calibration: CalibrationMethod?
    @Option(help: "A constraint, such as tenure:decreasing or Contract:decreasing; repeat it for more.")
    var monotone: [String] = []
    @Option(help: "Search for better parameters: random or grid.") var search: TrainingSettings.Search.Method?
    @Option(help: "The search's budget: a number of combinations, or seconds as in 120s (default: 20).")
    var budget: String?

    func validate() throws { _ = try self.settings }

    /// The settings that were given.
    var settings: TrainingSettings {
        get throws {
            var settings = TrainingSettings()
            settings.folds = self.foldCount
            settings.rounds = self.rounds
            settings.patience = self.patience
            settings.learningRate = self.learningRate
            settings.depth = self.depth
            settings.rowShare = self.rowShare
            settings.columnShare = self.columnShare
            settings.minimumChildWeight = self.minimumChildWeight
            settings.regularization = self.regularization
            settings.calibration = self.calibration
            settings.classWeight = try self.classWeight.map { try Self.weight($0) }
            for constraint in self.monotone {
                guard let colon = constraint.lastIndex(of: ":"),
                    let direction = MonotoneDirection(rawValue: String(constraint[constraint.index(after: colon)...]))
                else {
                    throw ValidationError("--monotone needs FEATURE:increasing or FEATURE:decreasing.")
                }
                settings.monotone[String(constraint[..<colon])] = direction
            }
            return settings
        }
    }

    /// The search: the flags' over the domain file's.
    func search(over domain: TrainingSettings.Search?) throws -> TrainingSettings.Search? {
        guard self.search != nil || self.budget != nil else { return domain }
        var search = domain ?? TrainingSettings.Search()
        search.method = self.search ?? search.method
        if let budget = self.budget { search.budget = try Self.budget(budget) }
        return search
    }

    private static func weight(_ text: String) throws -> ClassWeight {
        if text == "balanced" { return .balanced }
        guard let factor = Double(text), factor > 0, factor.isFinite else {
            throw ValidationError("--class-weight needs a number above 0, or balanced.")
        }
        return .factor(factor)
    }

    private static func budget(_ text: String) throws -> TrainingSettings.Search.Budget {
        if text.hasSuffix("s"), let seconds = Double(text.dropLast()), seconds > 0, seconds.isFinite {
            return .seconds(seconds)
        }
        guard let trials = Int(text), trials > 0 else {
            throw ValidationError("--budget needs a number of combinations, or seconds as in 120s.")
        }
        return .trials(trials)
    }
}

extension CalibrationMethod: ExpressibleByArgument {}
extension TrainingSettings.Search.Method: ExpressibleByArgument {}
