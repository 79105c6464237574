/// Comparisons whose time reveals nothing about what is compared.
enum ConstantTime {
    /// Returns whether two digests are equal; looks at every byte wherever they differ.
    static func equal(_ a: [UInt8], _ b: [UInt8]) -> Bool {
        guard a.count == b.count else { return false }
        return zip(a, b).reduce(UInt8(0)) { $0 | ($1.0 ^ $1.1) } == 0
    }
}
