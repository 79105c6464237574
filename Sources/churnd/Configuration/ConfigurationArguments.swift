import ArgumentParser
import ChurnFiles

/// What flags gave: for each key the text that was typed.
typealias ConfigurationFlags = [ConfigurationKey: String]

/// The arguments of a command line, with the flags of configuration keys apart from those of the command.
///
/// Such flags stand anywhere behind the name of a command that is configured, up to `--`. The last one of a key counts.
struct ConfigurationArguments {
    /// The command that was named, or the last of its parents where the name ends in none.
    let command: any ParsableCommand.Type
    /// What flags of keys gave.
    private(set) var given: ConfigurationFlags = [:]
    /// The other arguments, which are ArgumentParser's.
    private(set) var rest: [String]

    private let root: any ParsableCommand.Type
    private var fault: ValidationError?

    private static let keys = Dictionary(
        ConfigurationKey.all.flatMap { key in key.flags.map { ($0, key) } }, uniquingKeysWith: { first, _ in first })

    /// Takes the flags of keys out of a command line without the program's name.
    init(_ arguments: [String], of root: any ParsableCommand.Type) {
        self.root = root
        var command = root
        var names = arguments[...]
        while let name = names.first,
            let next = command.configuration.subcommands.first(where: { $0._commandName == name })
        {
            command = next
            names.removeFirst()
        }
        self.command = command
        self.rest = Array(arguments.prefix(upTo: names.startIndex))
        if command is any ConfiguredCommand.Type { self.takeFlags(from: &names) }
        self.rest += names
    }

    private mutating func takeFlags(from arguments: inout ArraySlice<String>) {
        while let argument = arguments.first, argument != "--" {
            arguments.removeFirst()
            let parts = argument.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
            guard let flag = parts.first, let key = Self.keys[flag] else {
                self.rest.append(argument)
                continue
            }
            if parts.count == 2 {
                self.given[key] = parts[1]
            } else if let value = arguments.first, value == "-" || !value.hasPrefix("-") {
                self.given[key] = value
                arguments.removeFirst()
            } else if self.fault == nil {
                self.fault = ValidationError(
                    "Missing value for '\(flag)'; write \(flag)=VALUE for one that begins with -.")
            }
        }
    }

    /// The command with its own arguments.
    ///
    /// - Throws: a `ValidationError` where a key has no value or a flag is like a key's, or what ArgumentParser throws.
    func parse() throws -> any ParsableCommand {
        if let fault = self.fault { throw fault }
        do {
            return try self.root.parseAsRoot(self.rest)
        } catch {
            throw self.keyMeant(by: self.root.message(for: error)) ?? error
        }
    }

    /// Parses the command and runs it.
    func run() async throws {
        var command = try self.parse()
        if let command = command as? any ConfiguredCommand {
            try await command.run(self.given)
        } else if var command = command as? any AsyncParsableCommand {
            try await command.run()
        } else {
            try command.run()
        }
    }

    /// ArgumentParser's refusal of a flag to which none of its own is near, with the key's flag that is.
    private func keyMeant(by message: String) -> ValidationError? {
        guard self.command is any ConfiguredCommand.Type else { return nil }
        for flag in self.rest.compactMap({ $0.split(separator: "=").first.map(String.init) }) {
            guard message == "Unknown option '\(flag)'" else { continue }
            return ClosestName.of(flag, in: Self.keys.keys.sorted()).map {
                ValidationError("\(message). Did you mean '\($0)'?")
            }
        }
        return nil
    }
}
