import ChurnCore

/// A staff action that the data suggest: a guess for a person to judge.
struct DraftAction {
    var id: String
    var title: String
    /// The condition and the effect, as a domain file has them.
    var rule: String

    private static let fewestRows = 20
    /// By how much fewer customers with a value must leave than those without it.
    private static let leastDifference = 0.02
    private static let offers = ["contract", "plan", "subscription", "payment", "package", "tier"]

    /// A yes where a no goes with leaving, a no to a plan that goes with leaving, the contract or payment with which fewest leave, and a tenth off the price.
    static func guess(_ draft: DomainDraft, labelIndex: Int) -> [DraftAction] {
        // What follows from something else does not change alone.
        let following = Set(draft.links.map(\.feature))
        var actions = draft.levers.compactMap { feature, identifier -> DraftAction? in
            guard let index = draft.profile.index(of: feature.name), !following.contains(feature.name) else {
                return nil
            }
            return Self.better(feature, id: "set_" + identifier, Self.counts(draft, index, labelIndex))
        }
        if let value = draft.value, let index = draft.profile.index(of: value),
            ColumnWords(value).begins(["charge", "fee", "price", "bill", "premium", "monthly"]),
            !following.contains(value),
            draft.profile.columns[index].linesTooLarge.count == 0,
            let tenth = Int(exactly: (draft.profile.columns[index].mean / 10).rounded())
        {
            let amount = max(1, tenth)
            actions.append(
                DraftAction(
                    id: "offer_discount", title: "Offer a discount of \(amount)",
                    rule: "add: {\(DomainFileText.scalar(value)): -\(amount)}"))
        }
        return actions
    }

    /// Returns the number of sampled customers with each value, and of those that left.
    private static func counts(
        _ draft: DomainDraft, _ index: Int, _ labelIndex: Int
    ) -> [String: (rows: Int, left: Int)] {
        var counts: [String: (rows: Int, left: Int)] = [:]
        for row in draft.profile.sample where !CSVField.isMissing(row[index]) {
            guard let left = draft.label.meaning(of: row[labelIndex]) else { continue }
            counts[row[index], default: (0, 0)].rows += 1
            counts[row[index], default: (0, 0)].left += left ? 1 : 0
        }
        return counts
    }

    private static func better(_ feature: Feature, id: String, _ counts: [String: (rows: Int, left: Int)])
        -> DraftAction?
    {
        let name = DomainFileText.scalar(feature.name)
        func share(_ isWanted: (String) -> Bool) -> Double? {
            let chosen = counts.filter { isWanted($0.key) }.values
            let rows = chosen.reduce(0) { $0 + $1.rows }
            return rows < Self.fewestRows ? nil : Double(chosen.reduce(0) { $0 + $1.left }) / Double(rows)
        }
        let isOffer = ColumnWords(feature.name).begins(Self.offers)
        if let with = share({ CSVField.flag($0) == true }), let without = share({ CSVField.flag($0) == false }) {
            // What customers have is taken from them only where it is something that they chose and can change.
            let turnsOn = without > with + Self.leastDifference
            guard turnsOn || (isOffer && with > without + Self.leastDifference) else { return nil }
            return Self.turn(feature, on: turnsOn, id: id)
        }
        guard isOffer, (2...12).contains(feature.categories.count) else {
            return nil
        }
        let shares = feature.categories.compactMap { category in share { $0 == category }.map { (category, $0) } }
        guard let best = shares.min(by: { $0.1 < $1.1 }), let others = share({ $0 != best.0 }),
            others > best.1 + Self.leastDifference
        else { return nil }
        let value = DomainFileText.scalar(best.0)
        return DraftAction(
            id: id, title: "\(feature.label): \(best.0)",
            rule: "when: {\(name): {is_not: \(value)}}, set: {\(name): \(value)}")
    }

    private static func turn(_ feature: Feature, on isOn: Bool, id: String) -> DraftAction? {
        let name = DomainFileText.scalar(feature.name)
        if feature.type == .boolean {
            return DraftAction(
                id: id, title: "\(feature.label): \(isOn ? "yes" : "no")",
                rule: "when: {\(name): {is: \(!isOn)}}, set: {\(name): \(isOn)}")
        }
        guard let to = feature.categories.first(where: { CSVField.flag($0) == isOn }),
            let from = feature.categories.first(where: { CSVField.flag($0) == !isOn })
        else { return nil }
        return DraftAction(
            id: id, title: "\(feature.label): \(to)",
            rule: "when: {\(name): {is: \(DomainFileText.scalar(from))}}, set: {\(name): \(DomainFileText.scalar(to))}")
    }
}
