public import ChurnCore

/// Features with the score that a model must give them, checked whenever the model is loaded.
///
/// The rows are made up from the domain's categories and the range of each number, so that a bundle holds nothing of
/// any customer. Some values are missing and some categories are unknown.
public struct GoldenRow: Codable, Hashable, Sendable {
    static let count = 64
    /// Scores are compared within this.
    ///
    /// Another processor may round otherwise; a model that is read wrongly is off by
    /// thousands of times as much.
    static let tolerance: Float = 1e-6

    /// The features, in the schema's order.
    public var features: [FeatureValue]
    /// The booster's score, in single precision.
    public var score: Float
    /// The calibrated probability; nil where the bundle has no calibration.
    public var calibrated: Float?

    private enum CodingKeys: String, CodingKey { case features, score, calibrated }

    init(features: [FeatureValue], score: Float, calibrated: Float? = nil) {
        self.features = features
        self.score = score
        self.calibrated = calibrated
    }

    /// Reads a row.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        self.features = try container.decode([CodableFeature].self, forKey: .features).map(\.value)
        self.score = try container.decode(Float.self, forKey: .score)
        self.calibrated = try container.decodeIfPresent(Float.self, forKey: .calibrated)
    }

    /// Writes a row.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(self.features.map(CodableFeature.init), forKey: .features)
        try container.encode(self.score, forKey: .score)
        try container.encodeIfPresent(self.calibrated, forKey: .calibrated)
    }

    /// Makes rows up: the first knows nothing, the second only unknown categories.
    static func inventedFeatures(
        spec: EncoderSpec, ranges: [Int: ClosedRange<Double>], count: Int = Self.count
    ) -> [[FeatureValue]] {
        var random = SeededRandom(seed: 0x676F_6C64)
        return (0..<count).map { row in
            spec.features.enumerated().map { index, feature in
                if row == 0 || random.chance(0.05) { return .missing }
                switch FeatureType(rawValue: feature.type) {
                case .numeric:
                    let range = ranges[index] ?? 0...1
                    let number = range.lowerBound + (range.upperBound - range.lowerBound) * random.uniform()
                    // Rounded to eighths, which every reader of the file reads alike.
                    return number.magnitude < 1e12 ? .number((number * 8).rounded() / 8) : .missing
                case .boolean:
                    return .boolean(random.chance(0.5))
                case .categorical, nil:
                    if row == 1 || feature.categories.isEmpty { return .text("an unknown category") }
                    return .text(feature.categories[random.index(below: feature.categories.count)])
                }
            }
        }
    }
}
