import ChurnCore

/// The categories that are known, and the way to one that differs in case or blanks only.
package struct CategoryFold: Sendable {
    private let known: Set<String>
    /// By its folded form, for those that share it with no other.
    private let folded: [String: String]

    /// Creates the fold of categories.
    package init(_ categories: [String]) {
        self.known = Set(categories)
        let groups = Dictionary(grouping: self.known, by: Self.fold)
        self.folded = groups.compactMapValues { $0.count == 1 ? $0[0] : nil }
    }

    /// The known category that a text means: itself, else the only one that is the same but for case and blanks; nil
    /// where there is none.
    package func known(_ text: String) -> String? {
        self.known.contains(text) ? text : self.folded[Self.fold(text)]
    }

    /// A text in lower case with one blank for each run of them and none at its ends.
    static func fold(_ text: String) -> String {
        text.lowercased().split(whereSeparator: \.isWhitespace).joined(separator: " ")
    }
}
