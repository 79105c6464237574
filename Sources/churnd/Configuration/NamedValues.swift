import Foundation

/// Values by name, written `name=value` and separated by commas.
struct NamedValues: Sendable, Equatable {
    private(set) var values: [String: String] = [:]

    /// No value.
    init() {}

    /// Reads the pairs; nil where one has no `=`, an empty side, or a name that stood before.
    init?(_ text: String) {
        for part in text.split(separator: ",", omittingEmptySubsequences: false) {
            let sides = part.split(separator: "=", maxSplits: 1).map { $0.trimmingCharacters(in: .whitespaces) }
            guard sides.count == 2, !sides.contains(""), self.values[sides[0]] == nil else { return nil }
            self.values[sides[0]] = sides[1]
        }
    }
}
