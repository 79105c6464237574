import ChurnCore
import Foundation

/// Pairs of columns whose numbers are equal but for rounding: one of them says nothing that the other does not.
enum NearlyEqualColumns {
    private static let mostRows = 1_000
    private static let mostPairs = 20

    /// The names of the pairs, the first of each in the file's order before the other.
    static func pairs(_ profile: FileProfile, without left: [Int]) -> [(String, String)] {
        let rows = profile.sample.prefix(self.mostRows)
        guard rows.count >= 20 else { return [] }
        let columns = profile.columns.indices.filter { index in
            let column = profile.columns[index]
            return !left.contains(index) && column.distinct > 2 && column.numbers * 20 >= column.present * 19
        }
        let read = columns.map { index in rows.map { CSVField.number($0[index], marks: profile.marks) } }
        var pairs: [(String, String)] = []
        for one in columns.indices {
            for other in columns.indices.dropFirst(one + 1) where self.areNear(read[one], read[other]) {
                let (a, b) = (profile.columns[columns[one]], profile.columns[columns[other]])
                // Columns that are equal in every row are left out as such.
                if a.digest != b.digest { pairs.append((a.name, b.name)) }
                if pairs.count == self.mostPairs { return pairs }
            }
        }
        return pairs
    }

    private static func areNear(_ one: [Double?], _ other: [Double?]) -> Bool {
        (0...3).contains { self.isRounded(one, of: other, places: $0) || self.isRounded(other, of: one, places: $0) }
    }

    /// Returns whether every number of the one is that of the other with fewer places; halves may go to either side.
    private static func isRounded(_ one: [Double?], of other: [Double?], places: Int) -> Bool {
        let scale = pow(10, Double(places))
        var compared = 0
        for (a, b) in zip(one, other) {
            guard let a, let b else {
                if (a == nil) != (b == nil) { return false }
                continue
            }
            guard abs((a * scale).rounded() - a * scale) < 1e-6, abs(a - b) * scale <= 0.5 + 1e-6 else { return false }
            compared += 1
        }
        return compared >= 20
    }
}
