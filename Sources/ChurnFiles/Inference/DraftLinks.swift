import ChurnCore

/// Finds features that follow from others, exactly or nearly: a number that is another one times a constant, a total that
/// is a product of two, and a yes or no that goes with a number that is not 0.
struct DraftLinks {
    /// A feature that follows from others.
    struct Link {
        var feature: String
        var factors: [String]
        /// What was found, for a person.
        var note: String
    }

    private static let mostRows = 1_000
    private static let fewestRows = 50
    /// The most numeric columns that are looked at, the first.
    private static let mostColumns = 40
    /// The least share of a number's spread that its factors explain.
    private static let leastExplained = 0.99
    /// The least share of rows in which a yes goes with a number, and a no with 0.
    private static let leastTogether = 0.99
    private static let resultWords: Set<String> = [
        "total", "charge", "charges", "cost", "costs", "fee", "fees", "amount", "bill", "revenue", "price", "sum",
    ]

    private struct Column {
        var name: String
        var numbers: [Double]
    }

    private let numbers: [Column]
    private let flags: [(name: String, values: [Bool?])]

    static func find(_ draft: DomainDraft) -> [Link] { DraftLinks(draft).links }

    private init(_ draft: DomainDraft) {
        let sample = draft.profile.sample
        let rows = stride(from: 0, to: sample.count, by: max(1, sample.count / Self.mostRows)).map { sample[$0] }
        let marks = draft.profile.marks
        var (numbers, flags): ([Column], [(String, [Bool?])]) = ([], [])
        for feature in draft.features.map(\.feature) {
            guard let index = draft.profile.index(of: feature.name) else { continue }
            if feature.type == .numeric {
                let column = rows.map { CSVField.number($0[index], marks: marks) ?? .nan }
                if numbers.count < Self.mostColumns, column.contains(where: { $0 != column[0] }) {
                    numbers.append(Column(name: feature.name, numbers: column))
                }
            } else if feature.type == .boolean || feature.categories.count == 2 {
                flags.append((feature.name, rows.map { CSVField.flag($0[index]) }))
            }
        }
        (self.numbers, self.flags) = (numbers, flags)
    }

    private var links: [Link] {
        var links: [Link] = []
        var following: Set<String> = []
        for (place, target) in self.ordered.enumerated() {
            let others = self.ordered[..<place].filter { !following.contains($0.name) }
            guard let factors = self.factors(of: target, among: others) else { continue }
            following.insert(target.name)
            links.append(
                Link(
                    feature: target.name, factors: factors,
                    note: factors.count == 1
                        ? "in proportion in nearly every row" : "the product in nearly every row"))
        }
        for flag in self.flags {
            guard let number = self.numbers.first(where: { Self.goTogether(flag.values, $0.numbers) }) else { continue }
            links.append(
                Link(feature: flag.name, factors: [number.name], note: "yes where that is not 0, no where it is"))
        }
        return links
    }

    /// Columns that sound like a result stand last, the others in the order of the file.
    private var ordered: [Column] {
        let isResult = self.numbers.map { ColumnWords($0.name).has(Self.resultWords) }
        let isTotal = self.numbers.map { ColumnWords($0.name).has(["total", "sum"]) }
        return self.numbers.indices.sorted { a, b in
            func rank(_ index: Int) -> Int { isTotal[index] ? 2 : isResult[index] ? 1 : 0 }
            return (rank(a), a) < (rank(b), b)
        }.map { self.numbers[$0] }
    }

    private func factors(of target: Column, among others: [Column]) -> [String]? {
        var best: (name: String, share: Double)?
        for other in others {
            if let share = Self.explained(target.numbers, by: other.numbers), share > best?.share ?? Self.leastExplained
            {
                best = (other.name, share)
            }
        }
        if let best { return [best.name] }
        var pair: (names: [String], share: Double)?
        for (place, first) in others.enumerated() {
            for second in others.dropFirst(place + 1) {
                let product = zip(first.numbers, second.numbers).map { $0 * $1 }
                if let share = Self.explained(target.numbers, by: product), share > pair?.share ?? Self.leastExplained {
                    pair = ([first.name, second.name], share)
                }
            }
        }
        return pair?.names
    }

    /// The share of the spread of `target` that a multiple of `factor` explains; nil where too few rows have both.
    private static func explained(_ target: [Double], by factor: [Double]) -> Double? {
        var (rows, sum, squares, products, factorSquares) = (0, 0.0, 0.0, 0.0, 0.0)
        for (y, x) in zip(target, factor) where !y.isNaN && !x.isNaN {
            rows += 1
            sum += y
            squares += y * y
            products += x * y
            factorSquares += x * x
        }
        guard rows >= Self.fewestRows, factorSquares > 0 else { return nil }
        let spread = squares - sum * sum / Double(rows)
        let rest = squares - products * products / factorSquares
        return spread > 0 ? 1 - rest / spread : nil
    }

    private static func goTogether(_ flags: [Bool?], _ numbers: [Double]) -> Bool {
        var (yes, no, together) = (0, 0, 0)
        for (flag, number) in zip(flags, numbers) where !number.isNaN {
            guard let flag else { continue }
            if flag { yes += 1 } else { no += 1 }
            if flag == (number != 0) { together += 1 }
        }
        return min(yes, no) >= Self.fewestRows / 2
            && Double(together) >= Self.leastTogether * Double(yes + no)
    }
}
