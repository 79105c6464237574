import ChurnCore

/// The words that name what happens when a customer leaves: no one knows it in time.
package enum EndingWords {
    private static let stems = [
        "churn", "attrit", "closing", "closure", "closed", "cancel", "exit", "terminat", "winback", "offboard",
        "deactiv", "disconnect", "unsubscrib", "leaving", "settlement", "goodbye", "portout",
        "kündig", "kuendig", "gekündigt", "abwander", "résili", "resili",
    ]
    private static let whole: Set<String> = ["final", "retention", "lost", "left", "baja", "lapsed"]
    private static let pairs = [
        ["save", "desk"], ["save", "team"], ["save", "calls"], ["save", "offer"], ["win", "back"], ["port", "out"],
        ["end", "reason"], ["end", "date"], ["last", "bill"], ["last", "invoice"],
    ]

    /// Returns whether a name or a category smells of the end, such as "Closing" or "calls to the save desk".
    package static func are(in text: String) -> Bool {
        let words = ColumnWords(text).words
        if words.contains(where: { word in self.whole.contains(word) || self.stems.contains { word.hasPrefix($0) } }) {
            return true
        }
        return self.pairs.contains { pair in zip(words, words.dropFirst()).contains { [$0, $1] == pair } }
            || (words.contains("savedesk") || words.contains("enddate"))
    }
}
