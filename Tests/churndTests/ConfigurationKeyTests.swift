import Foundation
import Testing

@testable import churnd

extension ConfigurationKey {
    /// A value of the key that is not its default.
    var sample: String {
        switch self.kind {
        case .text: "sample"
        case .integer(let range): "\(range.lowerBound + 1)"
        case .number: "0.25"
        case .boolean: "false"
        case .choice(let names): names.first { $0 != self.defaultValue } ?? ""
        case .partitions: "0,2-3"
        case .pairs: "client.rack=a, fetch.min.bytes=10"
        }
    }

    /// The keys that can stand in any of the three places.
    static var everywhere: [ConfigurationKey] { Self.all.filter { $0 != .file } }
}

extension ConfigurationKey: CustomTestStringConvertible {
    /// The key's name.
    public var testDescription: String { self.name }
}

@Suite("Every configuration key")
struct ConfigurationKeyTests {
    @Test("has a name, a flag and an environment variable of its own")
    func unique() {
        let keys = ConfigurationKey.all
        #expect(keys.count == Mirror(reflecting: Settings.all).children.count)
        #expect(Set(keys.map(\.name)).count == keys.count)
        let flags = keys.flatMap(\.flags)
        #expect(Set(flags).count == flags.count)
        #expect(Set(keys.map(\.environmentName)).count == keys.count)
    }

    @Test("is a flag of its own name")
    func flag() {
        let values = ConfigurationKey.all.enumerated().map { ($1, "\($1.sample)-\($0)") }
        let line = ConfigurationArguments(["run"] + values.flatMap { [$0.flag, $1] }, of: Churnd.self)
        #expect(line.given == Dictionary(uniqueKeysWithValues: values))
        #expect(line.rest == ["run"])
        #expect(ConfigurationArguments(["run"], of: Churnd.self).given.isEmpty)
    }

    @Test("is read from its flag", arguments: ConfigurationKey.everywhere)
    func readsFlag(_ key: ConfigurationKey) throws {
        let configuration = try DaemonConfiguration(flags: [key: key.sample], environment: [:])
        #expect(configuration.summary.contains { $0.hasPrefix("\(key.name) = ") && $0.hasSuffix("(\(key.flag))") })
    }

    @Test("is read from its environment variable", arguments: ConfigurationKey.everywhere)
    func readsEnvironment(_ key: ConfigurationKey) throws {
        let configuration = try DaemonConfiguration(environment: [key.environmentName: key.sample])
        #expect(
            configuration.summary.contains {
                $0.hasPrefix("\(key.name) = ") && $0.hasSuffix("(\(key.environmentName))")
            })
    }

    @Test("is read from the file, nested or dotted", arguments: ConfigurationKey.everywhere)
    func readsFile(_ key: ConfigurationKey) throws {
        var nested = ""
        for (depth, component) in key.components.enumerated() {
            nested += (depth == 0 ? "" : "\n") + String(repeating: "  ", count: depth) + component + ":"
        }
        for text in ["\(nested) \(key.sample)\n", "\(key.name): \"\(key.sample)\"\n"] {
            let file = try ConfigurationSample(text)
            let configuration = try DaemonConfiguration(environment: ["CHURN_CONFIG": file.path])
            let line = text.split(separator: "\n").count
            #expect(
                configuration.summary.contains {
                    $0.hasPrefix("\(key.name) = ") && $0.hasSuffix("(\(file.path):\(line), `\(key.name)`)")
                })
        }
    }

    @Test("has a default that is a value of its kind", arguments: ConfigurationKey.all)
    func standardIsValid(_ key: ConfigurationKey) {
        if let defaultValue = key.defaultValue { #expect(key.kind.accepts(defaultValue)) }
    }

    @Test("uses the names that the documentation promises")
    func promisedNames() {
        let promised = [
            "CHURN_KAFKA_BROKERS", "CHURN_KAFKA_TOPIC", "CHURN_KAFKA_GROUP", "CHURN_POSTGRES_URL", "CHURN_HTTP_HOST",
            "CHURN_HTTP_PORT", "CHURN_MODEL", "CHURN_DOMAIN", "CHURN_BATCH_SIZE", "CHURN_BATCH_LINGER_MS",
            "CHURN_CONFIG", "CHURN_LOG_LEVEL",
        ]
        #expect(Set(ConfigurationKey.all.map(\.environmentName)).isSuperset(of: promised))
    }

    @Test("is in the sample file, which is accepted as it is and sets nothing but defaults")
    func sample() throws {
        let text = ConfigurationTable.sample
        let file = try ConfigurationSample(text)
        let configuration = try DaemonConfiguration(environment: ["CHURN_CONFIG": file.path])
        let defaults = try DaemonConfiguration(environment: [:])
        #expect(Self.values(of: configuration) == Self.values(of: defaults))
        for key in ConfigurationKey.everywhere {
            #expect(text.contains("\n\(key.defaultValue == nil ? "# " : "")\(key.name):"))
        }
    }

    /// Every key but the file's with its value, without the place that it came from.
    private static func values(of configuration: DaemonConfiguration) -> [String] {
        configuration.summary.filter { !$0.hasPrefix("config = ") }.map { line in
            String(line[..<(line.lastIndex(of: "(") ?? line.endIndex)])
        }
    }

    @Test("is in the sample file in a form that can be filled in")
    func filledSample() throws {
        let lines = ConfigurationTable.sample.split(separator: "\n").map { line in
            ConfigurationKey.everywhere.first { line == "# \($0.name):" }.map { "\($0.name): \"\($0.sample)\"" }
                ?? String(line)
        }
        let file = try ConfigurationSample(lines.joined(separator: "\n"))
        let configuration = try DaemonConfiguration(environment: ["CHURN_CONFIG": file.path])
        #expect(configuration.summary.allSatisfy { !$0.hasSuffix("(default)") || $0.hasPrefix("config = ") })
    }

    @Test("is in the help of every command that is configured", arguments: ConfigurationKey.all)
    func help(_ key: ConfigurationKey) {
        #expect(ConfigurationTable.help.contains("  \(key.flags.joined(separator: ", ")) <value>\n"))
        let words = ConfigurationTable.help.split(whereSeparator: \.isWhitespace).joined(separator: " ")
        #expect(words.contains(key.help))
        #expect(words.contains("Prefer \(key.environmentName): others can see flags.") == key.isSecret)
    }

    /// Run with CHURN_TEST_WRITE_DOCS=1 to write the table again.
    @Test("is in the documentation's table")
    func documented() throws {
        let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        let document = root.appendingPathComponent("Docs/configuration.md")
        var text = try String(contentsOf: document, encoding: .utf8)
        let (begin, end) = ("<!-- keys: written by a test -->\n", "\n<!-- end of keys -->")
        let from = try #require(text.range(of: begin)?.upperBound)
        let to = try #require(text.range(of: end)?.lowerBound)
        if ProcessInfo.processInfo.environment["CHURN_TEST_WRITE_DOCS"] == "1" {
            text.replaceSubrange(from..<to, with: ConfigurationTable.markdown)
            try text.write(to: document, atomically: true, encoding: .utf8)
        } else {
            #expect(
                text[from..<to] == ConfigurationTable.markdown,
                "run CHURN_TEST_WRITE_DOCS=1 swift test --filter ConfigurationKeyTests")
        }
    }
}
