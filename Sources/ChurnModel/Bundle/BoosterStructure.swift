import ChurnCore
import Foundation

/// The parts of a booster file that decide where libxgboost reads in memory.
///
/// libxgboost 1.7 believes a file: a child beyond the last node, or a column beyond the last one, is read wherever that
/// may be. So both forms of the file are read here first and every index is checked.
struct BoosterStructure: Decodable {
    struct Learner: Decodable {
        var gradient_booster: GradientBooster
        var learner_model_param: Parameters
        var objective: Objective
    }

    struct GradientBooster: Decodable {
        var name: String
        var model: Model
    }

    struct Model: Decodable {
        var gbtree_model_param: ModelParameters
        var tree_info: [Int]
        var trees: [BoosterTree]
    }

    struct ModelParameters: Decodable {
        var num_trees: String
    }

    struct Parameters: Decodable {
        var num_feature: String
        var num_class: String
        var num_target: String?
    }

    struct Objective: Decodable {
        var name: String
    }

    struct TreeParameters: Decodable {
        var num_nodes: String
    }

    /// An array of which only the length matters.
    struct Length: Decodable {
        var count: Int

        init(count: Int) { self.count = count }

        init(from decoder: any Decoder) throws {
            self.count = try decoder.unkeyedContainer().count ?? -1
        }
    }

    var learner: Learner

    /// Reads a file in JSON.
    init(json: [UInt8]) throws {
        do {
            self = try JSONDecoder().decode(Self.self, from: Data(json))
        } catch {
            throw Self.refusal("is not a booster in JSON, or is damaged", error)
        }
    }

    /// Reads a file in libxgboost's binary JSON.
    init(ubj: [UInt8]) throws {
        let root = try UBJReader.read(ubj)["learner"]
        guard let trees = root?["gradient_booster", "model", "trees"]?.elements,
            let info = root?["gradient_booster", "model", "tree_info"]?.integers,
            let count = root?["gradient_booster", "model", "gbtree_model_param", "num_trees"]?.text,
            let kind = root?["gradient_booster", "name"]?.text, let objective = root?["objective", "name"]?.text,
            let features = root?["learner_model_param", "num_feature"]?.text,
            let classes = root?["learner_model_param", "num_class"]?.text
        else { throw Self.refusal("lacks a part that every booster has") }
        let model = Model(
            gbtree_model_param: ModelParameters(num_trees: count), tree_info: info,
            trees: try trees.map { try BoosterTree($0) })
        self.learner = Learner(
            gradient_booster: GradientBooster(name: kind, model: model),
            learner_model_param: Parameters(
                num_feature: features, num_class: classes,
                num_target: root?["learner_model_param", "num_target"]?.text),
            objective: Objective(name: objective))
    }

    /// Throws where the booster is not a plain one of trees for a probability, or an index leads out of its array.
    func check(columns: Int) throws {
        let model = self.learner.gradient_booster.model
        guard self.learner.objective.name == "binary:logistic" else {
            throw Self.refusal("does not give a probability; train with objective binary:logistic")
        }
        guard self.learner.gradient_booster.name == "gbtree" else {
            throw Self.refusal("is not made of plain trees; train with booster gbtree")
        }
        guard let width = Int(self.learner.learner_model_param.num_feature), width == columns else {
            throw Self.refusal("has another number of columns than the encoder; they are not of one model")
        }
        guard self.learner.learner_model_param.num_class == "0",
            ["0", "1", nil].contains(self.learner.learner_model_param.num_target),
            model.tree_info.allSatisfy({ $0 == 0 })
        else { throw Self.refusal("gives more than one score for a customer") }
        guard Int(model.gbtree_model_param.num_trees) == model.trees.count,
            model.tree_info.count == model.trees.count,
            model.trees.enumerated().allSatisfy({ $1.id == $0 && $1.isSound(columns: columns) })
        else { throw Self.refusal("is damaged: a tree is not a tree") }
    }

    static func refusal(_ what: String, _ underlying: (any Error)? = nil) -> ChurnError {
        ChurnError(
            .modelRefused, .fatal, during: "load a model", advice: "the booster \(what)", underlying: underlying)
    }
}
