public import ChurnCore

/// A predictor without a model: scores a row by a digest of its values, so that any difference shows in the score.
///
/// Fast, deterministic on every platform, and spread evenly over 0...1.
public struct DigestPredictor: Predictor {
    /// Names the digest.
    public let model: ModelIdentity
    private let width: Int

    /// Creates a predictor for a customer base.
    public init(domain: Domain, version: String = "digest-1") {
        self.model = ModelIdentity(version: version)
        self.width = domain.schema.count
    }

    /// A score for each row.
    public func predict(_ rows: [[FeatureValue]]) async throws -> [Double] {
        try rows.map { row in
            guard row.count == self.width else {
                throw ChurnError(
                    .predictionFailed, .reject, during: "predict",
                    advice: "a row has \(row.count) features, the customer base has \(self.width)")
            }
            return Self.score(row)
        }
    }

    /// The score of one row.
    static func score(_ row: [FeatureValue]) -> Double {
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        func mix(_ value: UInt64) { hash = (hash ^ value) &* 0x0000_0100_0000_01B3 &+ (hash >> 29) }
        for value in row {
            switch value {
            case .missing: mix(1)
            case .number(let number): mix(number.bitPattern ^ (number.bitPattern >> 32))
            case .boolean(let flag): mix(flag ? 2 : 3)
            case .text(let text): for byte in text.utf8 { mix(UInt64(byte)) }
            }
        }
        hash ^= hash >> 33
        hash = hash &* 0xFF51_AFD7_ED55_8CCD
        hash ^= hash >> 33
        // 24 bits: a Float holds them exactly.
        return Double(Float(hash >> 40) / Float(1 << 24))
    }
}
