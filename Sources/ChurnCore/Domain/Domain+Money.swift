extension Domain {
    /// The way in which amounts of money are written: those of the value feature, and all that is computed from them.
    public struct Currency: Hashable, Sendable {
        /// The code of ISO 4217, such as `EUR`; nil where none is stated.
        public var code: String?
        /// The sign before an amount, such as `$`; nil for that of the code.
        public var symbol: String?
        /// The number of decimals.
        public var decimals = 2

        /// Creates a currency without a name and with two decimals.
        public init() {}
    }
}
