import ChurnCore
import ChurnFiles

/// Looks in encoded training data for features that tell who left by themselves: they may be known too late.
enum FeatureLeaks {
    private static let mostRows = 20_000

    /// A sentence for each such feature.
    static func remarks(_ spec: EncoderSpec, values: [Float], labels: [Bool], labelName: String) -> [String] {
        let width = spec.features.reduce(0) { $0 + $1.columnCount }
        let step = max(1, labels.count / Self.mostRows)
        let places = Array(stride(from: 0, to: labels.count, by: step))
        let check = LeakCheck(labels: places.map { labels[$0] }, marks: .unknown)
        var column = 0
        return spec.features.compactMap { feature in
            let start = column
            column += feature.columnCount
            guard feature.columnCount > 0 else { return nil }
            let texts = places.map { place in
                Self.text(values[(place * width + start)..<(place * width + column)], feature)
            }
            let finding = check.finding(
                texts, name: feature.name, labelName: labelName, isNumeric: feature.type == FeatureType.numeric.rawValue
            )
            switch finding {
            case .leak(let reason), .strong(let reason): return "feature '\(feature.name)': \(reason)"
            case nil: return nil
            }
        }
    }

    /// What the columns of a feature say, as a text; empty where it is missing.
    private static func text(_ columns: ArraySlice<Float>, _ feature: EncoderSpec.EncodedFeature) -> String {
        guard let first = columns.first, !first.isNaN else { return "" }
        guard !feature.categories.isEmpty else { return "\(first)" }
        if feature.columnCount == 1, feature.encoding == FeatureEncoding.ordinal.rawValue {
            return feature.categories[Int(first)]
        }
        guard let place = columns.firstIndex(of: 1) else { return "other" }
        return feature.categories[place - columns.startIndex]
    }
}
