public import ChurnCore

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

    /// Returns whether an id is what spreadsheets make of long numbers, such as 1.23457E+11: its digits are lost.
    static func isScientific(_ text: String) -> Bool {
        guard let mark = text.firstIndex(where: { $0 == "E" || $0 == "e" }), text.first?.isASCII == true else {
            return false
        }
        let (mantissa, exponent) = (text[..<mark].utf8, text[text.index(after: mark)...].utf8)
        let isDigit = { (byte: UInt8) in (0x30...0x39).contains(byte) }
        guard exponent.first == UInt8(ascii: "+"), exponent.count >= 2, exponent.dropFirst().allSatisfy(isDigit),
            mantissa.first.map(isDigit) == true
        else { return false }
        return mantissa.allSatisfy { isDigit($0) || $0 == UInt8(ascii: ".") || $0 == UInt8(ascii: ",") }
    }

    /// A column's name: each run of blanks and control characters is one blank, and there is none at either end.
    static func name(_ text: String) -> String {
        text.split { character in
            character.isWhitespace || character.unicodeScalars.allSatisfy { $0.properties.generalCategory == .control }
        }.joined(separator: " ")
    }

    /// The number that the text is; nil where it is none, may be one of several, or is larger than a model can read.
    ///
    /// Double also reads "inf", "nan" and hexadecimal, which no customer file means. A zero has no sign.
    static func number(_ text: String, marks: NumberMarks) -> Double? {
        guard let number = self.anyNumber(text, marks: marks), number.isUsableFeature else { return nil }
        return number == 0 ? 0 : number
    }

    /// Returns whether the text is a number that is too large for a model, such as the largest one of a program, which
    /// often stands for none.
    static func isTooLarge(_ text: String, marks: NumberMarks) -> Bool {
        self.anyNumber(text, marks: marks).map { !$0.isUsableFeature } ?? false
    }

    /// The number that the text is, infinity where it is beyond every number.
    private static func anyNumber(_ text: String, marks: NumberMarks) -> Double? {
        let allowed = "0123456789+-.eE".utf8
        if text.utf8.allSatisfy(allowed.contains) { return Double(text) }
        if marks == .decimalCommas, let comma = text.firstIndex(of: ","), !text.contains("."),
            let number = self.anyNumber(
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

    /// Returns whether the text, with blanks around it perhaps, means "left": by the label's values, else as a yes or no.
    ///
    /// - Parameter column: the column's name where it may be another than the label's: then a yes or no says what that
    ///   name asks, whatever the label's own values are.
    func reading(of text: String, column: String? = nil) -> Bool? {
        let text = CSVField.trimmed(text)
        let flag = CSVField.flag(text)
        if let column, column.lowercased() != self.name.lowercased(), let flag {
            return LabelMeaning(column) == .stayed ? !flag : flag
        }
        if let meaning = self.meaning(of: text) { return meaning }
        guard let flag else { return nil }
        if let positive = CSVField.flag(self.positive) { return flag == positive }
        return LabelMeaning(self.name) == .stayed ? !flag : flag
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
