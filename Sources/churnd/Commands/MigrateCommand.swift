import ArgumentParser
import ChurnCore
import ChurnStore

/// `churnd migrate`: brings the database's tables to this version.
struct MigrateCommand: ConfiguredCommand {
    static let about = CommandConfiguration(
        commandName: "migrate", abstract: "Create or update the tables; never destroys data.",
        discussion: "Safe to repeat, and to run from many processes at once. `users` follows the domain file.")

    func run(_ given: ConfigurationFlags) async throws {
        let applied = try await Deployment(given).withMigrator { try await $0.migrate() }
        for name in applied { print("applied \(name)") }
        print(applied.isEmpty ? "the tables are up to date" : "done: \(applied.count) steps")
    }
}
