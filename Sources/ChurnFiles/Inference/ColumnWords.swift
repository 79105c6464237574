import ChurnCore
import Foundation

/// The words of a column's name, by which its meaning is guessed.
struct ColumnWords {
    /// The words in lower case.
    let words: [String]
    private let original: [String]

    /// Splits a name where letters end, and where a small letter is followed by a capital one.
    init(_ name: String) {
        var parts: [String] = []
        var part = ""
        var previous: Character?
        for character in name {
            let isInner = character.isLetter || character.isNumber
            if let previous, !part.isEmpty, !isInner || (character.isUppercase && previous.isLowercase) {
                parts.append(part)
                part = ""
            }
            if isInner { part.append(character) }
            previous = character
        }
        if !part.isEmpty { parts.append(part) }
        self.original = parts
        self.words = parts.map { $0.lowercased() }
    }

    /// Whether the name is that of a customer's own number, such as CustomerId or Account No.
    var soundsLikeCustomerID: Bool {
        if self.has(["id", "customerid", "userid", "clientid", "clientnum", "memberid", "msisdn", "uuid"]) {
            return true
        }
        return self.has(["customer", "client", "account", "member", "user", "subscriber", "kunden", "cust", "acct"])
            && self.has(["number", "no", "nr", "num", "key", "code"])
    }

    /// Whether the name is that of something that no action can change.
    var isImmutable: Bool {
        self.has([
            "gender", "sex", "race", "ethnicity", "nationality", "birth", "birthday", "birthdate", "dob",
        ])
    }

    func has(_ candidates: Set<String>) -> Bool { self.words.contains(where: candidates.contains) }

    /// Returns whether a word begins with one of these.
    func begins(_ stems: [String]) -> Bool {
        self.words.contains { word in stems.contains { word.hasPrefix($0) } }
    }

    private static let abbreviations = [
        "num": "number", "nr": "number", "no": "number", "cr": "credit", "avg": "average", "amt": "amount",
        "acct": "account", "cust": "customer", "qty": "quantity", "est": "estimated", "intl": "international",
        "serv": "service", "mins": "minutes",
    ]

    /// Returns the title of a name: `NumOfProducts` becomes `Number of products`; a name of several words stays as it
    /// is.
    ///
    /// - Parameter isClaim: whether the column says yes or no: then `IsActiveMember` is `Active member`.
    static func title(of name: String, isClaim: Bool = false) -> String {
        guard !name.contains(" ") else { return name }
        var parts = ColumnWords(name).original
        if isClaim, parts.count > 1, let first = parts.first, ["is", "has"].contains(first.lowercased()) {
            parts.removeFirst()
        }
        let words = parts.enumerated().map { index, word in
            let isShort = word.count <= 4 && word.count > 1 && word.allSatisfy { $0.isUppercase || $0.isNumber }
            let isAcronym = isShort && !word.lowercased().contains { "aeiouy".contains($0) }
            let small = parts.count > 1 ? Self.abbreviations[word.lowercased()] ?? word.lowercased() : word.lowercased()
            let text = isAcronym || (isShort && parts.count > 1) ? word : small
            return index == 0 ? text.prefix(1).uppercased() + text.dropFirst() : text
        }
        return words.joined(separator: " ")
    }

    /// A name for SQL: its letters without marks and its digits, in lower case, joined by `_`; lower case only, where
    /// the name is plain already.
    static func column(for name: String, avoiding taken: Set<String>) -> String {
        var column = ""
        for scalar in name.lowercased().decomposedStringWithCompatibilityMapping.unicodeScalars {
            switch scalar {
            case "a"..."z", "0"..."9", "_": column.unicodeScalars.append(scalar)
            case _ where scalar.properties.canonicalCombiningClass != .notReordered: continue
            case "'", "\u{2019}": continue
            case "ß": column += "ss"
            case "ø": column += "o"
            case "æ": column += "ae"
            default: if !column.isEmpty, column.last != "_" { column += "_" }
            }
        }
        while column.last == "_" { column.removeLast() }
        if column.isEmpty || column.allSatisfy({ $0 == "_" }) { column = "feature" }
        if column.first?.isNumber == true || column.hasPrefix(Domain.reservedPrefix) { column = "f_" + column }
        column = String(column.prefix(56))
        var free = column
        var number = 2
        while taken.contains(free) || Self.avoided.contains(free) || Domain.reservedColumns.contains(free) {
            free = "\(column)_\(number)"
            number += 1
        }
        return free
    }

    /// Names that the API uses beside the features' columns.
    private static let avoided: Set<String> = [
        "at_risk", "version", "page", "search", "risk", "sort", "order", "limit", "error", "customer_id",
    ]
}
