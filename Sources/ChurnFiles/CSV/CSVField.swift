import ChurnCore

/// The meaning of a CSV field's text.
enum CSVField {
    /// The texts that programs write for a value that they do not have, in lower case.
    private static let missing: Set<String> = ["", "na", "n/a", "#n/a", "#na", "nan", "null", "<na>", "\\n"]
    /// The texts that people write instead of a number, or a yes or no; a category may be called so.
    private static let placeholders: Set<String> = ["?", "-", "--", ".", "none", "n.a.", "unknown"]

    /// Returns whether the text, without blanks around it, stands for a missing value.
    static func isMissing(_ text: String) -> Bool {
        text.utf8.count <= 4 && self.missing.contains(text.lowercased())
    }

    /// Returns whether the text stands for a missing value where numbers, or yes and no, are expected.
    static func isPlaceholder(_ text: String) -> Bool {
        text.utf8.count <= 7 && self.placeholders.contains(text.lowercased())
    }

    /// The text without blanks (space, tab) at either end.
    static func trimmed(_ text: String) -> String {
        let isBlank = { (byte: UInt8) in byte == 0x20 || byte == 0x09 }
        guard let first = text.utf8.first, let last = text.utf8.last, isBlank(first) || isBlank(last) else {
            return text
        }
        let inner = text.utf8.drop(while: isBlank)
        guard let end = inner.lastIndex(where: { !isBlank($0) }) else { return "" }
        return String(inner[...end]) ?? text
    }

    /// An id as it was before a program took it for a number: 42.0 is 42; every other text stays as it is.
    static func identifier(_ text: String) -> String {
        guard text.utf8.count > 2, text.hasSuffix(".0") else { return text }
        let whole = text.utf8.dropLast(2)
        return whole.allSatisfy { (0x30...0x39).contains($0) } ? String(text.dropLast(2)) : text
    }

    /// A column's name: each run of blanks and control characters is one blank, and there is none at either end.
    static func name(_ text: String) -> String {
        text.split { character in
            character.isWhitespace || character.unicodeScalars.allSatisfy { $0.properties.generalCategory == .control }
        }.joined(separator: " ")
    }

    /// The number that the text is; nil where it is none, or may be one of several.
    ///
    /// Double also reads "inf", "nan" and hexadecimal, which no customer file means.
    static func number(_ text: String, marks: NumberMarks) -> Double? {
        let allowed = "0123456789+-.eE".utf8
        if text.utf8.allSatisfy(allowed.contains) { return Double(text).flatMap { $0.isFinite ? $0 : nil } }
        if marks == .decimalCommas, let comma = text.firstIndex(of: ","), !text.contains("."),
            let number = self.number(
                text.replacing(",", with: ".", subrange: comma..<text.endIndex), marks: .unknown)
        {
            return number
        }
        return NumberLiteral(text)?.value(marks)
    }

    /// The yes or no that the text is; nil where it is none.
    static func flag(_ text: String) -> Bool? {
        switch text.lowercased() {
        case "true", "t", "yes", "y", "1", "true.", "yes.", "1.0": true
        case "false", "f", "no", "n", "0", "false.", "no.", "0.0": false
        default: nil
        }
    }
}

extension FeatureValue {
    /// Reads a value as a CSV file has it; nil where it is not of the feature's type.
    public init?(text: String, feature: Feature) { self.init(csv: CSVField.trimmed(text), feature: feature) }

    /// Reads a field of a file; nil where it is not of the feature's type.
    init?(csv text: String, feature: Feature, marks: NumberMarks = .unknown) {
        if CSVField.isMissing(text), text.isEmpty || !feature.categories.contains(text) {
            self = .missing
            return
        }
        if feature.type != .categorical, CSVField.isPlaceholder(text) {
            self = .missing
            return
        }
        switch feature.type {
        case .categorical:
            self = .text(text)
        case .numeric:
            guard let number = CSVField.number(text, marks: marks) else { return nil }
            self = .number(number)
        case .boolean:
            guard let flag = CSVField.flag(text) else { return nil }
            self = .boolean(flag)
        }
    }
}

extension LabelColumn {
    /// Returns whether the text means "left"; nil where it is neither of the two values.
    ///
    /// Case does not matter where it does not distinguish the values, and 1.0 is 1.
    func meaning(of text: String) -> Bool? {
        if text == self.positive { return true }
        if self.negatives.contains(text) { return false }
        let (folded, positive) = (Self.fold(text), Self.fold(self.positive))
        let negatives = self.negatives.map(Self.fold)
        guard !negatives.contains(positive) else { return nil }
        return folded == positive ? true : negatives.contains(folded) ? false : nil
    }

    /// Returns whether the text, with blanks around it perhaps, means "left": by the label's two values, else as a yes
    /// or no.
    func reading(of text: String) -> Bool? {
        let text = CSVField.trimmed(text)
        return self.meaning(of: text) ?? CSVField.flag(text)
    }

    /// The values as a person reads them in an error: `'left' or 'stayed'`.
    var choices: String {
        let names = ([self.positive] + self.negatives).map { "'\($0)'" }
        return names.dropLast().joined(separator: ", ") + " or " + (names.last ?? "")
    }

    private static func fold(_ text: String) -> String {
        guard let number = CSVField.number(text, marks: .unknown) else { return text.lowercased() }
        return "\(number)"
    }
}
