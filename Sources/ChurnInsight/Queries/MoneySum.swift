/// A sum of amounts of money that is exact: what is added and taken away again leaves nothing behind.
///
/// Amounts are counted in hundredths. What is no amount of money, with more decimals or beyond all bounds, is added as
/// the binary number that it is.
struct MoneySum: Hashable, Sendable {
    private var hundredths: Int128 = 0
    private var rest = 0.0
    /// The number of amounts in `rest`, so that what rounding leaves of them goes with the last.
    private var others = 0

    init() {}

    /// - Parameter sign: -1 for an amount that is taken away.
    init(_ amount: Double, sign: Int = 1) {
        let scaled = (amount * 100).rounded()
        if scaled.magnitude < 1e15, scaled / 100 == amount {
            self.hundredths = Int128(scaled) * Int128(sign)
        } else {
            (self.rest, self.others) = (amount * Double(sign), sign)
        }
    }

    /// The sum; the number closest to the decimals that it stands for.
    var amount: Double { Double(self.hundredths) / 100 + self.rest }

    static func += (a: inout Self, b: Self) {
        a.hundredths += b.hundredths
        a.others += b.others
        a.rest = a.others == 0 ? 0 : a.rest + b.rest
    }
}
