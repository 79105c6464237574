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
        self.support = Self.support(data)
    }

    /// The number of customers whose pairs of levels are counted, drawn evenly from all.
    private static let mostCounted = 20_000

    private static func support(_ data: TrainingData) -> Support {
        let width = data.encoder.columnCount
        let step = max(1, data.count / Self.mostCounted)
        let rows = Array(stride(from: 0, to: data.count, by: step))
        var column = 0
        var ranges: [[Double]] = []
        let levels = data.encoder.spec.features.enumerated().map { index, feature in
            let columns = column..<(column + feature.columnCount)
            column = columns.upperBound
            ranges.append(data.ranges[index].map { [$0.lowerBound, $0.upperBound] } ?? [])
            guard feature.type == FeatureType.numeric.rawValue else {
                return (
                    ofCustomers: rows.map { UInt16(clamping: Self.bin(feature, columns, $0 * width, data)) },
                    count: feature.type == FeatureType.boolean.rawValue ? 3 : feature.categories.count + 2
                )
            }
            return (
                ofCustomers: rows.map { row in
                    let number = data.values[row * width + columns.lowerBound]
                    return number.isNaN ? UInt16(Self.levelsOfNumbers - 1) : number == 0 ? 0 : 1
                }, count: Self.levelsOfNumbers
            )
        }
        return Support(ranges: ranges, levels: levels)
    }

    private static func histogram(
        _ feature: EncoderSpec.EncodedFeature, _ columns: Range<Int>, _ width: Int, _ data: TrainingData
    ) -> Histogram {
        if feature.type == FeatureType.numeric.rawValue {
            return .numbers(
                feature.name, (0..<data.count).map { Double(data.values[$0 * width + columns.lowerBound]) })
        }
        var histogram = Histogram(
            name: feature.name, type: feature.type, bounds: [], categories: feature.categories)
        for row in 0..<data.count { histogram.counts[Self.bin(feature, columns, row * width, data)] += 1 }
        return histogram
    }

    /// The bin of a category, or of yes and no, in the row that begins at a place of the encoded values.
    private static func bin(
        _ feature: EncoderSpec.EncodedFeature, _ columns: Range<Int>, _ start: Int, _ data: TrainingData
    ) -> Int {
        let missing = feature.type == FeatureType.boolean.rawValue ? 2 : feature.categories.count + 1
        let first = data.values[start + columns.lowerBound]
        if first.isNaN, feature.encoding != FeatureEncoding.ordinal.rawValue { return missing }
        if feature.encoding == FeatureEncoding.oneHot.rawValue {
            return columns.firstIndex { data.values[start + $0] == 1 }.map { $0 - columns.lowerBound } ?? missing - 1
        }
        // An ordinal column does not distinguish a missing value from an unknown one.
        return first.isNaN ? missing : min(max(Int(first), 0), missing)
    }

    static let fileName = "distribution.json"

    /// The file of the bundle; the same counts give the same bytes.
    func json() throws -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        return Array(try encoder.encode(self)) + [UInt8(ascii: "\n")]
    }
}
