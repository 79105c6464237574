import ChurnCore

/// A number as people write it: perhaps with a sign, with one currency before or after it or a
/// percent sign after it, and with marks in it.
///
/// It only takes the text apart; what the marks mean is the file's to say.
struct NumberLiteral {
    private static let codes: Set<String> = [
        "AUD", "BRL", "CAD", "CHF", "CNY", "CZK", "DKK", "EUR", "GBP", "HUF", "INR", "JPY", "KRW", "MXN", "NOK", "NZD",
        "PLN", "SEK", "SGD", "TRY", "USD", "ZAR",
    ]
    /// Blanks: the plain one, and those that programs put into numbers so that lines do not break there.
    private static let blanks: Set<Unicode.Scalar> = [" ", "\u{A0}", "\u{2009}", "\u{202F}"]
    private static let apostrophes: Set<Unicode.Scalar> = ["'", "\u{2019}"]

    private var isNegative = false
    private var hasCurrency = false
    /// Whether a percent sign follows; the number is that of the percents.
    private(set) var isPercentage = false
    /// Begins and ends with a digit, and has digits and marks only; blanks and apostrophes are spaces and `'`.
    private var digits: [UInt8] = []

    /// Takes a text apart; nil where it is not made of digits, marks, a sign and a currency.
    init?(_ text: String) {
        guard text.utf8.count <= 64 else { return nil }
        var rest = Array(text.unicodeScalars)[...]
        var hasSign = self.takeSign(&rest)
        self.takeCurrency(&rest)
        if !self.hasCurrency { self.takePercent(&rest) }
        if !hasSign, self.hasCurrency { hasSign = self.takeSign(&rest) }
        if !self.hasCurrency, !self.isPercentage { self.takeLastCurrency(&rest) }
        for scalar in rest {
            switch scalar {
            case "0"..."9", ".", ",": self.digits.append(UInt8(ascii: scalar))
            case _ where Self.blanks.contains(scalar): self.digits.append(UInt8(ascii: " "))
            case _ where Self.apostrophes.contains(scalar): self.digits.append(UInt8(ascii: "'"))
            default: return nil
            }
        }
        guard let first = self.digits.first, let last = self.digits.last, Self.isDigit(first), Self.isDigit(last) else {
            return nil
        }
    }

    private mutating func takeSign(_ rest: inout ArraySlice<Unicode.Scalar>) -> Bool {
        guard let first = rest.first, ["-", "+", "\u{2212}"].contains(first) else { return false }
        self.isNegative = first != "+"
        rest.removeFirst()
        return true
    }

    private mutating func takeCurrency(_ rest: inout ArraySlice<Unicode.Scalar>) {
        if rest.first?.properties.generalCategory == .currencySymbol {
            rest.removeFirst()
        } else if Self.isCode(rest.prefix(3)) {
            rest.removeFirst(3)
        } else {
            return
        }
        self.hasCurrency = true
        rest = rest.drop(while: Self.blanks.contains)
    }

    private mutating func takePercent(_ rest: inout ArraySlice<Unicode.Scalar>) {
        guard rest.last == "%" else { return }
        self.isPercentage = true
        rest.removeLast()
        while let last = rest.last, Self.blanks.contains(last) { rest.removeLast() }
    }

    private mutating func takeLastCurrency(_ rest: inout ArraySlice<Unicode.Scalar>) {
        if rest.last?.properties.generalCategory == .currencySymbol {
            rest.removeLast()
        } else if Self.isCode(rest.suffix(3)) {
            rest.removeLast(3)
        } else {
            return
        }
        self.hasCurrency = true
        while let last = rest.last, Self.blanks.contains(last) { rest.removeLast() }
    }

    private static func isCode(_ scalars: ArraySlice<Unicode.Scalar>) -> Bool {
        var text = String.UnicodeScalarView()
        text.append(contentsOf: scalars)
        return self.codes.contains(String(text))
    }

    private static func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }

    /// The number; nil where the marks do not stand as they must, or could mean two things.
    func value(_ marks: NumberMarks) -> Double? {
        let commas = self.digits.count { $0 == UInt8(ascii: ",") }
        let points = self.digits.count { $0 == UInt8(ascii: ".") }
        let decimal: UInt8
        switch marks {
        case .groupingCommas: decimal = UInt8(ascii: ".")
        case .decimalCommas:
            // Both: one of them groups, and in this file neither does.
            guard commas + points <= 1 else { return nil }
            decimal = UInt8(ascii: commas == 1 ? "," : ".")
        case .unknown:
            guard commas != 1 || points == 1 else { return nil }
            decimal = UInt8(ascii: ".")
        }
        let parts = self.digits.split(separator: decimal, omittingEmptySubsequences: false)
        guard parts.count <= 2, let whole = Self.ungrouped(parts[0]) else { return nil }
        var text = whole.digits
        if parts.count == 2 {
            guard !parts[1].isEmpty, parts[1].allSatisfy(Self.isDigit) else { return nil }
            // No currency has three decimals by habit: these are thousands, in another language.
            if self.hasCurrency, !whole.isGrouped, parts[1].count == 3, whole.digits.count <= 3 { return nil }
            text += [UInt8(ascii: ".")] + parts[1]
        }
        return Double((self.isNegative ? "-" : "") + String(decoding: text, as: UTF8.self))
    }

    /// The digits before the decimals without the one mark that stands between groups of three; nil where it does not.
    private static func ungrouped(_ text: ArraySlice<UInt8>) -> (digits: [UInt8], isGrouped: Bool)? {
        guard let mark = text.first(where: { !self.isDigit($0) }) else { return (Array(text), false) }
        let groups = text.split(separator: mark, omittingEmptySubsequences: false)
        guard groups.allSatisfy({ $0.allSatisfy(self.isDigit) }), groups.dropFirst().allSatisfy({ $0.count == 3 }),
            (1...3).contains(groups[0].count), groups[0].first != UInt8(ascii: "0")
        else { return nil }
        return (Array(groups.joined()), true)
    }
}
