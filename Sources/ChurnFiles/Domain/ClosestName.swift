import ChurnCore

/// Finds the name that a person most likely meant.
package enum ClosestName {
    /// The candidate that needs the fewest edits to become `name`, without regard to case; nil where none is near.
    ///
    /// Near means at most a third of the name's letters, and at least one edit for the shortest names. Where two are
    /// equally near, the first one wins.
    package static func of(_ name: String, in candidates: some Sequence<String>) -> String? {
        let wanted = Array(name.lowercased())
        // A name of this length is no slip of the keyboard, and the distance's cost is the product of both lengths.
        guard wanted.count <= 100 else { return nil }
        var best: (name: String, distance: Int)?
        for candidate in candidates {
            let distance = self.distance(wanted, Array(candidate.lowercased()))
            if distance <= max(1, wanted.count / 3), distance < best?.distance ?? .max {
                best = (candidate, distance)
            }
        }
        return best?.name
    }

    /// The number of insertions, deletions, replacements and swaps of neighbours between two words.
    static func distance(_ a: [Character], _ b: [Character]) -> Int {
        var beforeLast: [Int] = []
        var last = Array(0...b.count)
        for i in a.indices {
            var row = [i + 1]
            for j in b.indices {
                var cost = min(last[j + 1] + 1, row[j] + 1, last[j] + (a[i] == b[j] ? 0 : 1))
                if i > 0, j > 0, a[i] == b[j - 1], a[i - 1] == b[j] { cost = min(cost, beforeLast[j - 1] + 1) }
                row.append(cost)
            }
            (beforeLast, last) = (last, row)
        }
        return last[b.count]
    }
}
