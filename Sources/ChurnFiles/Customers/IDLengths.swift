import ChurnCore

/// The lengths of ids that are digits only, by which lost leading zeros show.
struct IDLengths: Hashable, Sendable {
    private static let fewest = 100
    private static let shortestLost = 6

    private var counts: [Int: Int] = [:]
    private var others = 0
    private var zeros = 0

    mutating func take(_ id: String) {
        guard !id.isEmpty, id.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else {
            self.others += 1
            return
        }
        self.counts[id.utf8.count, default: 0] += 1
        if id.utf8.first == UInt8(ascii: "0") { self.zeros += 1 }
    }

    /// A sentence about ids of which a few are shorter by digits, as where a program took them for numbers; nil where
    /// there is no doubt.
    var doubt: String? {
        let all = self.counts.values.reduce(0, +)
        guard self.others == 0, self.zeros == 0, all >= Self.fewest, let longest = self.counts.keys.max(),
            longest >= Self.shortestLost, let full = self.counts[longest], full < all, full * 20 >= all * 17
        else { return nil }
        let count = all - full
        return """
            \(count) \(count == 1 ? "id has" : "ids have") fewer digits than the \(longest) of the others and none begins \
            with 0: did a spreadsheet take leading zeros off? Events must name the same ids
            """
    }
}
