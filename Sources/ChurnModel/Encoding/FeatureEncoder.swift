public import ChurnCore
import ChurnFiles

/// Turns customers' features into the model's columns, as an ``EncoderSpec`` says.
///
/// A missing value is NaN, in every column of a one-hot feature. A category that the spec does not have is 0 in every
/// column of a one-hot feature and NaN for an ordinal one; one that differs from a known category in case or blanks only is
/// that category. A boolean is 0 or 1.
public struct FeatureEncoder: Sendable {
    private enum Step: Sendable {
        case number, boolean
        case oneHot(Categories)
        case ordinal(Categories)
    }

    /// The places of a feature's categories.
    private struct Categories: Sendable {
        let order: [String: Int]
        let fold: CategoryFold

        func place(of text: String) -> Int? { self.order[text] ?? self.fold.known(text).flatMap { self.order[$0] } }
    }

    /// The encoding, in a form that can be stored.
    public let spec: EncoderSpec
    /// The number of columns in a row.
    public let columnCount: Int
    private let steps: [(step: Step, width: Int)]

    /// Creates an encoder.
    ///
    /// - Throws: where the spec names an unknown type or encoding, repeats a category, or has no columns.
    public init(spec: EncoderSpec) throws {
        self.spec = spec
        self.steps = try spec.features.map { (try Self.step(for: $0), $0.columnCount) }
        self.columnCount = self.steps.reduce(0) { $0 + $1.width }
        guard self.columnCount > 0 else {
            throw ChurnError(
                .modelRefused, .fatal, during: "read an encoder's description", advice: "it has no columns")
        }
    }

    private static func step(for feature: EncoderSpec.EncodedFeature) throws -> Step {
        let order = Dictionary(
            feature.categories.enumerated().map { ($1, $0) }, uniquingKeysWith: { first, _ in first })
        let categories = Categories(order: order, fold: CategoryFold(feature.categories))
        switch (FeatureType(rawValue: feature.type), FeatureEncoding(rawValue: feature.encoding)) {
        case (.numeric, .numeric): return .number
        case (.boolean, .numeric): return .boolean
        case (.categorical, .oneHot) where order.count == feature.categories.count: return .oneHot(categories)
        case (.categorical, .ordinal) where order.count == feature.categories.count: return .ordinal(categories)
        default:
            throw ChurnError(
                .modelRefused, .fatal, during: "read an encoder's description",
                advice: "feature '\(feature.name)' has an unknown type or encoding, or a category twice")
        }
    }

    /// Appends a customer's columns to `output`.
    ///
    /// - Throws: an error of disposition `reject` where there are too few or too many features, a value is of another
    ///   type than its feature, or a number is beyond what single precision can hold.
    public func encode(_ features: [FeatureValue], into output: inout [Float]) throws {
        var gaps = FeatureGaps(features: features.count)
        try self.encode(features, into: &output, counting: &gaps)
    }

    /// Appends a customer's columns to `output`, and counts what the model had to do without.
    func encode(_ features: [FeatureValue], into output: inout [Float], counting gaps: inout FeatureGaps) throws {
        guard features.count == self.steps.count else {
            throw Self.refusal("a customer has \(features.count) features; the model needs \(self.steps.count)")
        }
        for (index, (step, width)) in self.steps.enumerated() {
            switch (step, features[index]) {
            case (_, .missing):
                output.append(contentsOf: repeatElement(.nan, count: width))
                gaps.missing[index] += 1
            case (.number, .number(let number)) where Float(number).isFinite:
                output.append(Float(number))
            case (.number, .number):
                throw self.refusal(index, "is beyond what the model can read")
            case (.boolean, .boolean(let claim)):
                output.append(claim ? 1 : 0)
            case (.oneHot(let categories), .text(let text)):
                let start = output.count
                output.append(contentsOf: repeatElement(0, count: width))
                if let place = categories.place(of: text) {
                    output[start + place] = 1
                } else {
                    gaps.unknown[index] += 1
                }
            case (.ordinal(let categories), .text(let text)):
                let place = categories.place(of: text)
                output.append(place.map { Float($0) } ?? .nan)
                if place == nil { gaps.unknown[index] += 1 }
            default:
                throw self.refusal(index, "has a value of another type than the domain says")
            }
        }
    }

    /// The number of customers with a category that the model does not know, by feature.
    package func unknownCategories(in rows: [[FeatureValue]]) -> [Int] {
        var counts = Array(repeating: 0, count: self.steps.count)
        for row in rows {
            for (index, (step, _)) in self.steps.enumerated() {
                guard index < row.count, case .text(let text) = row[index] else { continue }
                switch step {
                case .oneHot(let categories), .ordinal(let categories):
                    if categories.place(of: text) == nil { counts[index] += 1 }
                case .number, .boolean: continue
                }
            }
        }
        return counts
    }

    private func refusal(_ index: Int, _ what: String) -> ChurnError {
        Self.refusal("feature '\(self.spec.features[index].name)' of a customer \(what)")
    }

    private static func refusal(_ advice: String) -> ChurnError {
        ChurnError(.predictionFailed, .reject, during: "encode a customer's features", advice: advice)
    }
}
