import ChurnCore

@testable import ChurnModel

/// A booster fitted to random rows with missing values, the same for the same seed.
struct RandomModel {
    let columns: Int
    let booster: Booster
    let rows: [Float]

    init(
        seed: UInt64, depth: Int, rounds: Int = 12, columns: Int = 9, rows count: Int = 800,
        parameters extra: [String: String] = [:]
    ) throws {
        var random = SeededRandom(seed: seed)
        var rows: [Float] = []
        var labels: [Float] = []
        for _ in 0..<count {
            var odds = -0.5
            for column in 0..<columns {
                let value =
                    column.isMultiple(of: 3) ? (random.chance(0.5) ? 1.0 : 0.0) : (random.uniform() * 20).rounded() / 2
                odds += (column.isMultiple(of: 2) ? 0.3 : -0.2) * value * (column == 4 && value > 5 ? -1 : 1)
                rows.append(random.chance(0.15) ? .nan : Float(value))
            }
            labels.append(random.chance(0.5 + odds / 12) ? 1 : 0)
        }
        let matrix = try TrainingMatrix(rows: rows, columns: columns, labels: labels)
        let parameters = [
            "objective": "binary:logistic", "tree_method": "hist", "nthread": "1", "verbosity": "0",
            "max_depth": "\(depth)", "eta": "0.3", "min_child_weight": "0.1", "seed": "\(seed)",
        ].merging(extra) { $1 }
        let training = try TrainingBooster(parameters: parameters, matrix: matrix)
        for _ in 0..<rounds { try training.update() }
        self.booster = try Booster(bytes: try training.saved(as: .ubj))
        self.columns = columns
        self.rows = rows
    }

    /// With few tables, which take long to fill in a debug build.
    func explainer() throws -> TreeExplainer? {
        TreeExplainer(
            try TreeEnsemble(ubj: try self.booster.saved()), outputs: Array(0..<self.columns),
            maximumTableBytes: 1 << 20)
    }
}
