import ChurnCore
import Foundation

extension TrainingDistribution {
    /// Counts the customers of training data, from their encoded columns.
    ///
    /// - Parameter scores: probabilities of customers that the model had not seen when it gave them.
    init(_ data: TrainingData, scores: [Float]) {
        let width = data.encoder.columnCount
        var column = 0
        let features = data.encoder.spec.features.map { feature in
            let columns = column..<(column + feature.columnCount)
            column = columns.upperBound
            return Self.histogram(feature, columns, width, data)
        }
        self.init(
            rows: data.count, features: features, scores: .numbers("score", scores.map { Double($0) }))
    }

    private static func histogram(
        _ feature: EncoderSpec.EncodedFeature, _ columns: Range<Int>, _ width: Int, _ data: TrainingData
    ) -> Histogram {
        func value(_ row: Int, _ column: Int) -> Float { data.values[row * width + column] }
        if feature.type == FeatureType.numeric.rawValue {
            return .numbers(feature.name, (0..<data.count).map { Double(value($0, columns.lowerBound)) })
        }
        var histogram = Histogram(
            name: feature.name, type: feature.type, bounds: [], categories: feature.categories)
        let missing = histogram.counts.count - 1
        for row in 0..<data.count {
            let first = value(row, columns.lowerBound)
            let bin: Int
            if first.isNaN, feature.encoding != FeatureEncoding.ordinal.rawValue {
                bin = missing
            } else if feature.encoding == FeatureEncoding.oneHot.rawValue {
                bin = columns.firstIndex { value(row, $0) == 1 }.map { $0 - columns.lowerBound } ?? missing - 1
            } else {
                // An ordinal column does not distinguish a missing value from an unknown one.
                bin = first.isNaN ? missing : min(max(Int(first), 0), missing)
            }
            histogram.counts[bin] += 1
        }
        return histogram
    }

    static let fileName = "distribution.json"

    /// The file of the bundle; the same counts give the same bytes.
    func json() throws -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        return Array(try encoder.encode(self)) + [UInt8(ascii: "\n")]
    }
}
