import ArgumentParser
import Foundation
import Testing

@testable import churnd

@Suite("The flags of a command line")
struct ConfigurationArgumentsTests {
    private func line(_ arguments: [String]) -> ConfigurationArguments {
        ConfigurationArguments(arguments, of: Churnd.self)
    }

    /// The message of a command line that is refused.
    private func refusal(_ arguments: [String]) -> String? {
        let error = #expect(throws: (any Error).self) { _ = try self.line(arguments).parse() }
        return error.map { Churnd.fullMessage(for: $0) }
    }

    /// Every command that runs, with the names that lead to it.
    private var commands: [([String], any ParsableCommand.Type)] { Self.commands(below: [], Churnd.self) }

    private static func commands(
        below names: [String], _ type: any ParsableCommand.Type
    ) -> [([String], any ParsableCommand.Type)] {
        let subcommands = type.configuration.subcommands
        guard !subcommands.isEmpty else { return [(names, type)] }
        return subcommands.flatMap { self.commands(below: names + [$0._commandName], $0) }
    }

    @Test("are taken out before, between and behind the command's own")
    func mixed() throws {
        let line = self.line([
            "keys", "create", "--postgres-url", "postgres://db", "--name", "n", "--kafka-brokers=a:1,b:2", "--grant",
            "viewer", "--role", "serve",
        ])
        let given: ConfigurationFlags = [
            Settings.all.postgresUrl.key: "postgres://db", Settings.all.kafkaBrokers.key: "a:1,b:2",
            Settings.all.role.key: "serve",
        ]
        #expect(line.given == given)
        #expect(line.rest == ["keys", "create", "--name", "n", "--grant", "viewer"])
        let command = try #require(try line.parse() as? KeysCommand.Create)
        #expect(command.name == "n" && command.roles == ["viewer"])
    }

    @Test("set every key for every command but the two that need no configuration")
    func everyCommand() {
        let flags = ConfigurationKey.all.flatMap { [$0.flag, $0.sample] }
        var others: Set<String> = []
        for (names, type) in self.commands {
            let line = self.line(names + flags)
            #expect(ObjectIdentifier(line.command) == ObjectIdentifier(type))
            if line.given.isEmpty {
                others.insert(names.joined(separator: " "))
            } else {
                #expect(line.given.count == ConfigurationKey.all.count)
                #expect(line.rest == names)
            }
        }
        #expect(others == ["domain infer", "population"])
        #expect(self.refusal(["population", "--domain", "x", "--output", "y"])?.contains("Unknown option") == true)
    }

    @Test("have names that no command uses for an option of its own")
    func noCollision() throws {
        let keys = Set(ConfigurationKey.all.flatMap(\.flags))
        for (names, type) in self.commands {
            let dump = try JSONSerialization.jsonObject(with: Data(type._dumpHelp().utf8)) as? [String: Any]
            let command = try #require(dump?["command"] as? [String: Any])
            let options = try #require(command["arguments"] as? [[String: Any]])
            let own = options.flatMap { $0["names"] as? [[String: Any]] ?? [] }.compactMap { $0["name"] as? String }
            #expect(own.contains("help"))
            #expect(keys.isDisjoint(with: own.map { "--\($0)" }), "\(names.joined(separator: " "))")
        }
    }

    @Test("may be the short form of a key's")
    func alias() {
        #expect(self.line(["run", "--auth", "none"]).given == [Settings.all.authMode.key: "none"])
        #expect(self.line(["run", "--auth=jwt"]).given == [Settings.all.authMode.key: "jwt"])
    }

    @Test("count once: the last of a key's")
    func repeated() {
        #expect(self.line(["run", "--auth", "none", "--auth-mode", "jwt"]).given == [Settings.all.authMode.key: "jwt"])
    }

    @Test("reach commands below others, and end at two dashes")
    func nested() {
        let line = self.line(["models", "register", "--domain", "d", "--", "--model", "x"])
        #expect(ObjectIdentifier(line.command) == ObjectIdentifier(ModelsCommand.Register.self))
        #expect(line.given == [Settings.all.domain.key: "d"])
        #expect(line.rest == ["models", "register", "--", "--model", "x"])
        #expect(self.line(["models", "--domain", "d", "list"]).given.isEmpty)
    }

    @Test("need a value", arguments: [["--model"], ["--model", "--auth", "none"], ["--auth", "none", "--model"]])
    func missingValue(_ flags: [String]) {
        #expect(self.refusal(["run"] + flags)?.contains("Missing value for '--model'") == true)
    }

    @Test("may have a value that begins with a dash, or none, behind an equals sign")
    func dashes() {
        let given: ConfigurationFlags = [
            Settings.all.model.key: "-x", Settings.all.domain.key: "", .file: "-",
        ]
        #expect(self.line(["run", "--model=-x", "--domain=", "--config", "-"]).given == given)
    }

    @Test(
        "are refused where they mean nothing, with the one that was meant",
        arguments: [
            (["run", "--kafka-broker", "x"], "Unknown option '--kafka-broker'. Did you mean '--kafka-brokers'?"),
            (["run", "--kafka-broker=x"], "Unknown option '--kafka-broker'. Did you mean '--kafka-brokers'?"),
            (["demo", "--custmers", "5"], "Unknown option '--custmers'. Did you mean '--customers'?"),
            (["run", "--colour-of-the-sky", "blue"], "Unknown option '--colour-of-the-sky'"),
        ])
    func unknown(_ arguments: [String], _ says: String) {
        #expect(self.refusal(arguments)?.hasPrefix("Error: \(says)\n") == true)
    }

    @Test("never show a secret's value where the line is refused")
    func secrets() throws {
        let canary = "canary-5d1f"
        for key in ConfigurationKey.all.filter(\.isSecret) {
            for wrong in [["--model"], ["--nothing-like-it"], ["--domain", ""]] {
                let line = self.line(["run", key.flag, canary] + wrong)
                #expect(line.given[key] == canary)
                do {
                    _ = try line.parse()
                    _ = try DaemonConfiguration(flags: line.given, environment: [:])
                    Issue.record("\(wrong) is accepted")
                } catch {
                    #expect(!Churnd.fullMessage(for: error).contains(canary) && !"\(error)".contains(canary))
                }
            }
            let configuration = try DaemonConfiguration(flags: [key: canary], environment: [:])
            #expect(!configuration.summary.joined(separator: "\n").contains(canary))
        }
    }

    @Test("stand in the command's help, below what it says of itself")
    func help() {
        let text = Churnd.helpMessage(for: ModelsCommand.Health.self, columns: 80)
        #expect(text.contains("Drift is measured") && text.contains("  --auth-mode, --auth <value>\n"))
        #expect(!Churnd.helpMessage(for: PopulationCommand.self, columns: 80).contains("--auth-mode"))
    }
}
