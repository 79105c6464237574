import HTTPTypes

/// The parameters of a URL's query, read strictly.
struct QueryParameters {
    /// The longest text that a parameter may hold, in Unicode scalars.
    static let maximumTextLength = 256

    private let pairs: [(name: String, value: String)]

    /// - Parameter query: what stands after the question mark.
    init(_ query: String?) throws {
        self.pairs = try (query ?? "").split(separator: "&").map { part in
            let sides = part.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard let name = Self.decode(sides[0]), let value = Self.decode(sides.count > 1 ? sides[1] : "") else {
                throw Problem.malformedQuery
            }
            return (name, value)
        }
    }

    /// The names that are given.
    var names: Set<String> { Set(self.pairs.map(\.name)) }

    private static func decode(_ text: Substring) -> String? {
        PercentEncoding.decode(String(text.map { $0 == "+" ? " " : $0 }))
    }

    /// Refuses parameters of other names, so that a misspelt one is not taken for an absent one.
    func allowOnly(_ names: [String]) throws {
        guard self.pairs.allSatisfy({ names.contains($0.name) }) else {
            throw Problem(
                .badRequest, "unknown_parameter",
                names.isEmpty
                    ? "This address takes no parameters." : "The only parameters are \(names.joined(separator: ", ")).")
        }
    }

    /// A text of at most this many Unicode scalars; nil where it is not given.
    func text(_ name: String, longest length: Int = maximumTextLength) throws -> String? {
        let values = try self.texts(name, limit: 1, longest: length)
        return values.first
    }

    /// A text that may be given several times.
    func texts(_ name: String, limit: Int, longest length: Int = maximumTextLength) throws -> [String] {
        let values = self.pairs.filter { $0.name == name }.map(\.value)
        guard values.count <= limit else {
            throw Problem.parameter(name, limit == 1 ? "It may be given once." : "It may be given \(limit) times.")
        }
        guard values.allSatisfy({ $0.unicodeScalars.count <= length && !$0.utf8.contains(0) }) else {
            throw Problem.parameter(name, "It is text of at most \(length) characters, none of them NUL.")
        }
        return values
    }

    /// A whole number of at least `least`; one that is too large counts as `cap`.
    func count(_ name: String, from least: Int = 1, cap: Int, default other: Int) throws -> Int {
        guard let text = try self.text(name) else { return other }
        guard !text.isEmpty, text.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else {
            throw Problem.parameter(name, "It is a whole number of at least \(least).")
        }
        let number = Int(text) ?? .max
        guard number >= least else { throw Problem.parameter(name, "It is a whole number of at least \(least).") }
        return min(number, cap)
    }

    /// One of a few names; nil where it is not given.
    func choice<Choice: RawRepresentable & CaseIterable>(
        _ name: String, of type: Choice.Type
    ) throws -> Choice? where Choice.RawValue == String {
        try self.choices(name, of: type, limit: 1).first
    }

    /// Any of a few names.
    func choices<Choice: RawRepresentable & CaseIterable>(
        _ name: String, of type: Choice.Type, limit: Int? = nil
    ) throws -> [Choice] where Choice.RawValue == String {
        try self.texts(name, limit: limit ?? Choice.allCases.count).map { text in
            guard let choice = Choice(rawValue: text) else {
                throw Problem.parameter(
                    name, "It is one of \(Choice.allCases.map(\.rawValue).joined(separator: ", ")).")
            }
            return choice
        }
    }
}
