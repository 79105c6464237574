import ChurnCore
import Crypto

extension TrainingOptions {
    /// The parameters in libxgboost's words, for an encoding and some customers' labels.
    ///
    /// One thread: the file must not depend on the machine, and no team of OpenMP threads is ever started, whose
    /// members would spin beside other work. (libgomp reads OMP_WAIT_POLICY when it is loaded, before any code of ours
    /// runs, so that a program cannot set it for itself.)
    ///
    /// - Throws: where a monotone constraint names no feature of one column.
    func parameters(for spec: EncoderSpec, positives: Int, rows: Int) throws -> [String: String] {
        var parameters = [
            "objective": "binary:logistic", "tree_method": "hist", "nthread": "1", "verbosity": "0",
            "seed": "\(self.seed & 0x7FFF_FFFF)", "eta": "\(self.learningRate)", "max_depth": "\(self.maximumDepth)",
            "subsample": "\(self.rowShare)", "colsample_bynode": "\(self.columnShare)",
            "min_child_weight": "\(self.minimumChildWeight)", "lambda": "\(self.regularization)",
        ]
        let weight = self.classWeight.factor(positives: positives, rows: rows)
        if weight != 1 { parameters["scale_pos_weight"] = "\(weight)" }
        if !self.monotone.isEmpty {
            let signs = try self.constraints(for: spec)
            parameters["monotone_constraints"] = "(\(signs.map { "\($0)" }.joined(separator: ",")))"
        }
        return parameters
    }

    /// For each column 1 (may only raise a score), -1 (may only lower it) or 0.
    func constraints(for spec: EncoderSpec) throws -> [Int] {
        let columns = spec.columns
        var signs = Array(repeating: 0, count: columns.count)
        for (name, direction) in self.monotone.sorted(by: { $0.key < $1.key }) {
            guard let column = columns.firstIndex(where: { $0.lowercased() == name.lowercased() }) else {
                let isOneHot = spec.features.contains { $0.name.lowercased() == name.lowercased() }
                throw ChurnError(
                    .invalidConfiguration, .fatal, during: "read monotone constraints",
                    advice: isOneHot
                        ? "'\(name)' has no order: make it ordinal in the domain file, or constrain one category"
                            + " with '\(name)=CATEGORY'"
                        : "there is no feature '\(name)'")
            }
            signs[column] = direction == .increasing ? 1 : -1
        }
        return signs
    }

    /// All options of the training, by name, for the report and the digest.
    public var described: [String: String] {
        var texts = [
            "seed": "\(self.seed)", "folds": "\(self.folds)", "rounds": "\(self.maximumRounds)",
            "patience": "\(self.patience)", "learning_rate": "\(self.learningRate)", "depth": "\(self.maximumDepth)",
            "row_share": "\(self.rowShare)", "column_share": "\(self.columnShare)",
            "minimum_child_weight": "\(self.minimumChildWeight)", "regularization": "\(self.regularization)",
            "calibration": self.calibration.rawValue, "format": self.format.rawValue,
        ]
        switch self.classWeight {
        case .balanced: texts["class_weight"] = "balanced"
        case .factor(let factor): texts["class_weight"] = "\(factor)"
        }
        texts["monotone"] = self.monotone.sorted { $0.key < $1.key }.map { "\($0):\($1.rawValue)" }
            .joined(separator: ", ")
        if let search = self.search {
            texts["search"] = search.method.rawValue
            switch search.budget {
            case .trials(let count): texts["search_budget"] = "\(count) trials"
            case .seconds(let seconds): texts["search_budget"] = "\(seconds) s"
            }
            let space = search.space
            texts["search_space"] =
                "learning_rate \(space.learningRate), depth \(space.depth), row_share \(space.rowShare), "
                + "column_share \(space.columnShare), minimum_child_weight \(space.minimumChildWeight), "
                + "regularization \(space.regularization)"
        }
        return texts
    }

    /// SHA-256 of all options of the training, in hexadecimal.
    public var digest: String {
        SHA256.hex(of: ["training"] + self.described.sorted { $0.key < $1.key }.flatMap { [$0.key, $0.value] })
    }
}
