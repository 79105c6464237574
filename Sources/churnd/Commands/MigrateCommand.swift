import ArgumentParser
import ChurnCore
import ChurnStore

/// `churnd migrate`: brings the database's tables to this version.
struct MigrateCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "migrate", abstract: "Create or update the tables; never destroys data.",
        discussion: "Safe to repeat, and to run from many processes at once. `users` follows the domain file.")

    @OptionGroup var process: ProcessOptions
    @OptionGroup var postgres: PostgresOptions

    func run() async throws {
        let applied = try await Deployment(self.process, self.postgres).withMigrator { try await $0.migrate() }
        for name in applied { print("applied \(name)") }
        print(applied.isEmpty ? "the tables are up to date" : "done: \(applied.count) steps")
    }
}
