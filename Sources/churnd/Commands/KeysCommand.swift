import ArgumentParser
import ChurnCore
import ChurnInsight
import ChurnServe
import ChurnStore
import Foundation

/// `churnd keys`: makes, lists and revokes API keys.
struct KeysCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "keys", abstract: "Create, list or revoke API keys.",
        subcommands: [Create.self, List.self, Revoke.self])

    struct Create: ConfiguredCommand {
        static let about = CommandConfiguration(
            abstract: "Create a key and print it, once.",
            discussion: "The key alone goes to standard output. Only its hash is kept: it cannot be shown again.")
        @Option(help: "Who the key is for, as the audit log will name its bearer.") var name: String
        @Option(name: .customLong("grant"), help: "A role: viewer, agent, ingest or admin; may be repeated.")
        var roles: [String]
        @Option(help: "After how many days it ends; never, without this.") var expiresDays: Double?

        func validate() throws {
            let names = Role.allCases.map(\.rawValue)
            guard !self.roles.isEmpty, self.roles.allSatisfy(names.contains) else {
                throw ValidationError("--grant is \(names.joined(separator: ", ")).")
            }
            guard !self.name.isEmpty, self.name.utf8.count <= 100,
                self.name.unicodeScalars.allSatisfy({ $0.properties.generalCategory != .control })
            else { throw ValidationError("--name has 1 to 100 bytes, and no control characters.") }
            if let days = self.expiresDays, !(days > 0 && days <= 36_500) {
                throw ValidationError("--expires-days must be above 0 and at most 36500.")
            }
        }

        func run(_ given: ConfigurationFlags) async throws {
            try await Deployment(given).withStore { store in
                let now = Timestamp.systemNow()
                let expiry = self.expiresDays.map { now.advanced(by: .seconds($0 * 86_400)) }
                let made = APIKey.make(
                    name: self.name, roles: Set(self.roles.compactMap(Role.init(rawValue:))), now: now, expiry: expiry)
                guard try await store.addAPIKey(made.record, audit: KeysCommand.note("key.created")) else {
                    throw ChurnError(
                        .invalidConfiguration, .fatal, during: "create a key",
                        advice: """
                            a key that is not revoked has this name, and the audit log knows bearers by it; choose \
                            another, or revoke that one first (`churnd keys list`)
                            """)
                }
                made.key.withExposedValue { print($0) }
                StandardError.write("created key \(made.record.id); it is shown only now, keep it safe\n")
            }
        }
    }

    struct List: ConfiguredCommand {
        static let about = CommandConfiguration(abstract: "List all keys; none can be shown again.")

        func run(_ given: ConfigurationFlags) async throws {
            try await Deployment(given).withStore { store in
                let keys = try await store.apiKeys()
                for key in keys { print(KeysCommand.line(key, now: Timestamp.systemNow())) }
                if keys.isEmpty { print("no keys; make one with `churnd keys create --name NAME --grant viewer`") }
            }
        }
    }

    struct Revoke: ConfiguredCommand {
        static let about = CommandConfiguration(
            abstract: "Revoke a key; servers refuse it within seconds.")
        @Argument(help: "The key's id, as `churnd keys list` shows it.") var id: String

        func run(_ given: ConfigurationFlags) async throws {
            try await Deployment(given).withStore { store in
                let note = KeysCommand.note("key.revoked")
                guard let key = try await store.revokeAPIKey(id: self.id, at: .systemNow(), audit: note) else {
                    throw ChurnError(
                        .invalidConfiguration, .fatal, during: "revoke a key",
                        advice: "there is no key of this id; see `churnd keys list`")
                }
                print(KeysCommand.line(key, now: Timestamp.systemNow()))
            }
        }
    }

    static func line(_ key: APIKey, now: Timestamp) -> String {
        let standing =
            if let revoked = key.revoked {
                "revoked \(revoked.iso8601)"
            } else if let expiry = key.expiry {
                key.isValid(at: now) ? "until \(expiry.iso8601)" : "expired \(expiry.iso8601)"
            } else {
                "valid"
            }
        let roles = key.roles.sorted().joined(separator: ",")
        return "\(key.id)  \(roles)  created \(key.created.iso8601)  \(standing)  \(key.name)"
    }

    private static func note(_ action: String) -> AuditNote<APIKey> {
        { key in
            NewAuditEntry(
                time: .systemNow(), actor: "cli:\(NSUserName())", action: action, subject: key.id,
                detail: "\(key.name): \(key.roles.sorted().joined(separator: ", "))")
        }
    }
}
