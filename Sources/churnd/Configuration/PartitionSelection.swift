/// The partitions that a process reads without a group.
enum PartitionSelection: Hashable, Sendable {
    /// All that the topic has, now and later.
    case all
    /// These, rising and without repetition.
    case listed([Int32])

    /// Reads `all`, or numbers and ranges separated by commas; nil for anything else.
    init?(_ text: String) {
        if text == "all" {
            self = .all
            return
        }
        var numbers: Set<Int32> = []
        for part in text.split(separator: ",", omittingEmptySubsequences: false) {
            let bounds = part.split(separator: "-", omittingEmptySubsequences: false).map { bound in
                Int32(bound.drop { $0 == " " }.prefix { $0 != " " })
            }
            guard let first = bounds.first ?? nil, let last = bounds.last ?? nil, bounds.count <= 2,
                (0...last).contains(first), last - first < 10_000
            else { return nil }
            numbers.formUnion(first...last)
        }
        self = .listed(numbers.sorted())
    }
}
