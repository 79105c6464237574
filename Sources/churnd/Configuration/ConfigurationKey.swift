/// One thing that can be configured: its name in the file, from which its flag and environment variable follow.
struct ConfigurationKey: Hashable, Sendable {
    /// The kind of a value.
    enum Kind: Hashable, Sendable {
        case text
        case integer(ClosedRange<Int>)
        case number(ClosedRange<Double>)
        case boolean
        case choice([String])
        case partitions
        case pairs
    }

    /// The name in the configuration file: `batch.lingerMs` is `lingerMs` in the section `batch`.
    let name: String
    /// The kind of value.
    let kind: Kind
    /// The value that holds where none is given, as a person would write it; nil for none.
    let defaultValue: String?
    /// The purpose of the key, in one sentence.
    let help: String
    /// Whether the value must never be shown.
    let isSecret: Bool
    /// More flags that mean the same.
    let aliases: [String]

    /// The flag: `--batch-linger-ms`.
    var flag: String { "--" + self.words.joined(separator: "-") }

    /// All flags: the one that follows from the name, and its aliases.
    var flags: [String] { [self.flag] + self.aliases }

    /// The environment variable: `CHURN_BATCH_LINGER_MS`.
    var environmentName: String { "CHURN_" + self.words.joined(separator: "_").uppercased() }

    /// The parts of the name: between dots.
    var components: [String] { self.name.split(separator: ".").map(String.init) }

    /// The name's words in lower case; a capital begins a new one.
    private var words: [String] {
        self.components.flatMap { component in
            component.reduce(into: [""]) { words, letter in
                if letter.isUppercase { words.append("") }
                words[words.count - 1] += letter.lowercased()
            }
        }
    }
}

extension ConfigurationKey.Kind {
    /// The values that are accepted, for error messages and the documentation.
    var expected: String {
        switch self {
        case .text: "a text"
        case .integer(let range): "a whole number from \(range.lowerBound) to \(range.upperBound)"
        case .number(let range): "a number from \(range.lowerBound) to \(range.upperBound)"
        case .boolean: "true or false"
        case .choice(let names): names.map { "`\($0)`" }.joined(separator: ", ")
        case .partitions: "`all`, or partition numbers and ranges such as `0,2,4-7`"
        case .pairs: "`name=value` pairs separated by commas"
        }
    }
}
