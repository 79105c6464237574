import ChurnCore

extension DomainDraft {
    /// The domain file.
    var yaml: String {
        [
            self.head, self.roles, self.featureLines, self.linkLines, self.ignoredLines, self.eventLines,
            self.actionLines, self.tail,
        ]
        .filter { !$0.isEmpty }.map { $0.joined(separator: "\n") }.joined(separator: "\n\n") + "\n"
    }

    private var head: [String] {
        let origin = "from \(self.profile.rows) customers of \(DomainFileText.comment(self.fileName))."
        return [
            "# Made \(self.maker.map { "by `\(DomainFileText.comment($0))` " } ?? "")\(origin)",
            "# A first file: read it, and change what you know better. What is a guess says so.",
        ]
    }

    private var fileName: String { self.profile.name.split(separator: "/").last.map(String.init) ?? self.profile.name }

    private var roles: [String] {
        var lines = ["name: \(DomainFileText.scalar(self.name))"]
        if self.id.isRowNumber {
            lines.append("id: {row_number: \(self.id.column)}    # the file has no id: its rows are numbered from 1")
        } else if self.id.column == self.id.name.lowercased() {
            lines.append("id: \(DomainFileText.scalar(self.id.name))")
        } else {
            lines.append("id: {column: \(DomainFileText.scalar(self.id.name)), as: \(self.id.column)}")
        }
        let label = [self.label.name, self.label.positive].map(DomainFileText.scalar)
        let negatives = self.label.negatives.map(DomainFileText.scalar).joined(separator: ", ")
        let stayed = self.label.otherNegatives.isEmpty ? negatives : "[\(negatives)]"
        lines.append(
            "label: {column: \(label[0]), positive: \(label[1]), negative: \(stayed)}\(Self.note(self.labelNote))")
        lines.append("segment: \(DomainFileText.scalar(self.segment))\(Self.guess(self.otherSegments))")
        if let value = self.value {
            lines.append("value: \(DomainFileText.scalar(value))\(Self.guess(self.otherValues))")
        } else {
            lines.append("# value: a numeric feature that says what a customer pays each month; without it no money")
        }
        return lines + self.tenureLines
    }

    /// The months that a customer has been one; a comment where the numbers are too small to be months, or too
    /// large for a name that does not say so.
    private var tenureLines: [String] {
        guard let tenure = self.tenure, let index = self.profile.index(of: tenure) else { return [] }
        let line = "tenure: \(DomainFileText.scalar(tenure))"
        let largest = self.profile.columns[index].maximum
        let saysSo = ColumnWords(tenure).has(["month", "months", "tenure"])
        if largest > 12, saysSo || largest <= 120 { return [line + "    # a guess: months as a customer"] }
        return ["# \(line)    # if these are months; the largest is \(PlainNumber.text(largest))"]
    }

    private static func guess(_ others: [String]) -> String {
        others.isEmpty ? "    # a guess" : Self.note("a guess; others: " + others.joined(separator: ", "))
    }

    private static func note(_ text: String?) -> String {
        text.map { "    # \(DomainFileText.comment($0))" } ?? ""
    }

    private var featureLines: [String] {
        ["features:"]
            + self.features.map { draft in
                let feature = draft.feature
                var parts = ["name: \(DomainFileText.scalar(feature.name))"]
                if feature.column != feature.name.lowercased() { parts.append("column: \(feature.column)") }
                if feature.label != feature.name { parts.append("label: \(DomainFileText.scalar(feature.label))") }
                parts.append("type: \(feature.type.rawValue)")
                if !feature.categories.isEmpty {
                    parts.append(
                        "categories: [\(feature.categories.map(DomainFileText.scalar).joined(separator: ", "))]")
                }
                if self.isNeverNegative(feature) { parts.append("minimum: 0") }
                if ColumnWords(feature.name).isImmutable { parts.append("immutable: true") }
                return "  - {\(parts.joined(separator: ", "))}\(Self.note(draft.note))"
            }
    }

    private func isNeverNegative(_ feature: Feature) -> Bool {
        guard feature.type == .numeric, let index = self.profile.index(of: feature.name) else { return false }
        let column = self.profile.columns[index]
        return column.numbers > 0 && column.minimum >= 0
    }

    private var linkLines: [String] {
        guard !self.links.isEmpty else { return [] }
        return ["# What follows from something else, and does not change alone.", "linked:"]
            + self.links.map { link in
                let factors = link.factors.map(DomainFileText.scalar).joined(separator: ", ")
                return "  \(DomainFileText.scalar(link.feature)): [\(factors)]\(Self.note(link.note))"
            }
    }

    private var ignoredLines: [String] {
        guard !self.ignored.isEmpty else { return [] }
        return ["# Columns that files may have and that are not read.", "ignore:"]
            + self.ignored.map { "  - \(DomainFileText.scalar($0.name))\(Self.note($0.reason))" }
    }

    private var eventLines: [String] {
        var lines = [
            "# What happens in the business, by the types that events carry. Events of other types are logged and scored.",
            "# One with `churned: true` or `churned: false` reports what became of a customer.",
            "events:",
            "  - {type: activity, weight: 4, details: Activity}",
        ]
        for (feature, type) in self.levers.filter({ $0.feature.type == .boolean }).prefix(4) {
            let name = DomainFileText.scalar(feature.name)
            for (suffix, from, to) in [("on", "false", "true"), ("off", "true", "false")] {
                lines.append(
                    "  - {type: \(type)_\(suffix), when: {\(name): {is: \(from)}}, set: {\(name): \(to)}}")
            }
        }
        return lines
    }

    private var actionLines: [String] {
        guard !self.actions.isEmpty else { return [] }
        return [
            "# What staff can do: guesses from what goes with staying. Keep those that they really can.", "actions:",
        ]
            + self.actions.map { "  - {id: \($0.id), title: \(DomainFileText.scalar($0.title)), \($0.rule)}" }
    }

    private var tail: [String] {
        var shown: [String] = []
        for name in [self.segment, self.value, self.tenure] {
            if let name, !shown.contains(name) { shown.append(name) }
        }
        let fields = shown.compactMap { name in
            self.features.first { $0.feature.name == name }.map {
                "  \(UpdateFrameEncoder.isOwn($0.feature.column) ? "feature_" : "")\($0.feature.column): \(DomainFileText.scalar(name))"
            }
        }
        return [
            "bands: {critical: 0.85, high: 0.70, medium: 0.40}", "# What an update shows of the customer.", "updates:",
        ]
            + fields + ["alerts: {threshold: 0.70}"]
    }
}

extension UpdateFrameEncoder {
    fileprivate static func isOwn(_ name: String) -> Bool {
        self.ownFields.contains(name) || self.eventFields.contains(name)
    }
}
