import ArgumentParser

/// A command that takes every configuration key, as a flag, from the environment or from the file.
protocol ConfiguredCommand: AsyncParsableCommand {
    /// The command's name, purpose and help, without the keys.
    static var about: CommandConfiguration { get }

    /// Runs the command.
    ///
    /// - Parameter given: what flags of keys gave.
    func run(_ given: ConfigurationFlags) async throws
}

extension ConfiguredCommand {
    static var configuration: CommandConfiguration {
        var configuration = Self.about
        configuration.discussion = [configuration.discussion, ConfigurationTable.help].filter { !$0.isEmpty }
            .joined(separator: "\n\n")
        return configuration
    }

    func run() async throws { try await self.run([:]) }
}
