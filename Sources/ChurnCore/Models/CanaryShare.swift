/// The customers that the challenger serves: a share of all, chosen by a hash of the customer's id.
///
/// The same customer is always on the same side while the share stays, in every process and after every restart, and a
/// customer who is in at a small share is in at every larger one.
public struct CanaryShare: Hashable, Sendable {
    private static let parts: UInt64 = 10_000

    /// No one.
    public static let none = CanaryShare(0)

    /// The share, 0 to 1, in steps of a hundredth of a percent.
    public let share: Double
    private let below: UInt64

    /// Creates a share; what lies outside 0...1 is taken to the nearer bound, and NaN to 0.
    public init(_ share: Double) {
        self.below = share > 0 ? UInt64((min(share, 1) * Double(Self.parts)).rounded()) : 0
        self.share = Double(self.below) / Double(Self.parts)
    }

    /// Returns whether the challenger serves this customer.
    public func contains(_ customerID: String) -> Bool {
        self.below > 0 && Self.hash(customerID) % Self.parts < self.below
    }

    /// FNV-1a over the id's UTF-8 with a last mixing step, since ids often differ in their last digits only.
    package static func hash(_ text: String) -> UInt64 {
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        for byte in text.utf8 { hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01B3 }
        hash = (hash ^ (hash >> 33)) &* 0xFF51_AFD7_ED55_8CCD
        return hash ^ (hash >> 33)
    }
}
