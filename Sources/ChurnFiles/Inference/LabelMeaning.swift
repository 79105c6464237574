import ChurnCore

/// The side that words take in whether a customer left: of a label column's name, and of its values.
package enum LabelMeaning: Hashable, Sendable {
    /// What the words name is that a customer left, such as Exited or lost.
    case left
    /// What the words name is that a customer stayed, such as Retained or "not churned".
    case stayed

    private static let leaving = [
        "churn", "leav", "exit", "lost", "cancel", "attrit", "quit", "gone", "clos", "terminat", "defect", "depart",
        "unsubscrib", "laps", "inactiv", "deactiv", "disconnect", "dropout", "expired", "abandon",
        "gekündigt", "gekuendigt", "kündig", "kuendig", "abgewander", "abwander", "verloren", "ausgetreten", "inaktiv",
        "inactif", "parti", "résili", "resili", "perdu", "desactiv", "cancelad", "perdid",
    ]
    private static let staying = [
        "retain", "retention", "stay", "activ", "renew", "loyal", "keep", "kept", "remain", "subscri", "persist",
        "continu", "current", "existing", "alive", "surviv",
        "aktiv", "bleib", "geblieben", "treu", "verlängert", "verlaengert", "bestand", "actif", "resté", "reste",
        "fidèle",
        "fidel", "renouvel", "permanec", "renovad", "leal",
    ]
    /// Words that count only as a whole, since others begin like them.
    private static let leavingWords: Set<String> = ["left", "leaver", "leavers", "leave", "drop", "dropped", "baja"]
    /// Whole words that begin like one of the other side's, or like one that says nothing.
    private static let plain: Set<String> = [
        "partial", "participant", "participation", "party", "activity", "activities",
    ]
    private static let denials: Set<String> = [
        "not", "no", "non", "never", "didn", "didnt", "hasn", "hasnt", "isn", "isnt", "nicht", "kein", "pas", "nunca",
    ]
    /// The roles of which only "is still one" says that someone stayed.
    private static let roles: Set<String> = [
        "customer", "client", "member", "subscriber", "user", "here", "kunde", "mitglied", "cliente",
    ]
    private static let still: Set<String> = ["is", "still", "ist", "noch", "es", "sigue"]

    /// The side of a column's name or a value; nil where its words say nothing, or both.
    package init?(_ text: String) {
        let words = ColumnWords(text).words.flatMap(Self.parted)
        guard !words.isEmpty else { return nil }
        let isRole =
            words.contains { Self.roles.contains($0) }
            && words.allSatisfy { Self.roles.contains($0) || Self.still.contains($0) || Self.denials.contains($0) }
            && words.contains { Self.still.contains($0) || Self.denials.contains($0) }
        var sides = Set(words.compactMap(Self.side))
        if isRole { sides.insert(.stayed) }
        guard sides.count == 1, let side = sides.first else { return nil }
        let isDenied = words.count { Self.denials.contains($0) } % 2 == 1
        self = isDenied ? side.opposite : side
    }

    /// The other side.
    var opposite: LabelMeaning { self == .left ? .stayed : .left }

    /// Splits a denial from the word that it is written with: `notchurned`, `nonactive`.
    private static func parted(_ word: String) -> [String] {
        for denial in ["not", "non", "still", "is"] where word.hasPrefix(denial) && word.count > denial.count + 2 {
            let rest = String(word.dropFirst(denial.count))
            if Self.side(rest) != nil || Self.roles.contains(rest) { return [denial, rest] }
        }
        return [word]
    }

    private static func side(_ word: String) -> LabelMeaning? {
        if Self.plain.contains(word) { return nil }
        if Self.leavingWords.contains(word) || Self.leaving.contains(where: word.hasPrefix) { return .left }
        return Self.staying.contains(where: word.hasPrefix) ? .stayed : nil
    }
}
