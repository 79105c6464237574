import ArgumentParser
import ChurnCore
import ChurnFiles

/// Reads `Feature=Value` from the command line.
enum FeatureAssignments {
    /// The values by the features' indices.
    ///
    /// - Throws: `ValidationError` that names an unknown feature, or one whose value is of another type.
    static func read(_ texts: [String], schema: FeatureSchema) throws -> [Int: FeatureValue] {
        var values: [Int: FeatureValue] = [:]
        for text in texts {
            let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
            guard parts.count == 2 else { throw ValidationError("--set needs Feature=Value.") }
            guard let index = schema.index(of: parts[0]) else {
                let near = ClosestName.of(parts[0], in: schema.features.map(\.name))
                throw ValidationError(
                    "There is no feature \(parts[0]); "
                        + (near.map { "did you mean \($0)?" }
                            ?? "there are \(schema.features.map(\.name).joined(separator: ", "))."))
            }
            let feature = schema.features[index]
            guard let value = FeatureValue(text: parts[1], feature: feature) else {
                throw ValidationError("\(feature.name) is \(feature.type.rawValue); the value of --set is not.")
            }
            if case .text(let name) = value, !feature.categories.isEmpty, !feature.categories.contains(name) {
                throw ValidationError("\(feature.name) is one of \(feature.categories.joined(separator: ", ")).")
            }
            if let reason = feature.refusal(of: value) { throw ValidationError(reason) }
            values[index] = value
        }
        return values
    }
}
