import ChurnCore

/// Finds how many independent customers are behind counted events, from a few sums that can be added up.
///
/// A customer with many events counts as often, so that the noise of a share is not that of as many customers. Kish's
/// effective sample size (1965) is the squared number of events over the sum of squares of each
/// customer's number. The sum of squares is estimated from events counted in bins by a hash of the customer (Thorup and
/// Zhang, "Tabulation based 4-universal hashing with applications to second moment estimation", 2004); with 256 bins
/// its standard error is about a tenth.
struct CustomerSketch: Sendable {
    static let binCount = 256
    private(set) var bins = Array(repeating: Int64(0), count: Self.binCount)

    mutating func add(_ customerID: String) {
        self.bins[Int(CanaryShare.hash(customerID) % UInt64(Self.binCount))] += 1
    }

    /// Returns the effective number of customers behind the bins; nil where there are none.
    static func effectiveCount(_ bins: [Int64]) -> Double? {
        let (total, count) = (bins.reduce(0.0) { $0 + Double($1) }, Double(bins.count))
        guard total > 0, count > 1 else { return nil }
        let inBins = bins.reduce(0.0) { $0 + Double($1) * Double($1) }
        let squares = (inBins - total * total / count) / (1 - 1 / count)
        // Every customer has one event at least.
        return total * total / max(total, squares)
    }
}
