import ChurnCore
import ChurnFiles
import Configuration
import Foundation

/// Everything that was configured, checked as a whole: flags over environment over the file over the defaults.
struct DaemonConfiguration: Sendable {
    /// A value that was given, and where.
    private struct Given: Sendable {
        // Secret, whatever the key: a configuration that is printed or dumped shows nothing.
        var text: Secret<String>
        var source: String
    }

    private let given: [String: Given]

    /// Collects what was configured and checks each value.
    ///
    /// - Parameters:
    ///   - flags: the flags that were given, as they were typed.
    ///   - environment: the process's environment.
    /// - Throws: a ``ConfigurationError`` with all faults at once.
    init(
        flags: ConfigurationFlags = [:],
        environment: [String: String] = ProcessInfo.processInfo.environment
    ) throws {
        var faults: [ConfigurationFault] = []
        try self.init(flags: flags, environment: environment, faults: &faults)
        guard faults.isEmpty else { throw ConfigurationError(faults: faults) }
    }

    /// Collects what was configured, adds what is wrong with it to `faults`, and holds the rest.
    init(
        flags: ConfigurationFlags, environment: [String: String] = ProcessInfo.processInfo.environment,
        faults: inout [ConfigurationFault]
    ) throws {
        let environment = environment.filter { !ServiceLink.matches(name: $0.key, value: $0.value) }
        faults += Self.unknownNames(in: environment)
        let flagValues = flags.map { key, text in
            (AbsoluteConfigKey(key.components), ConfigValue(.string(text), isSecret: key.isSecret))
        }
        var layers: [any ConfigSnapshot] = [
            InMemoryProvider(
                name: "flags", values: Dictionary(flagValues, uniquingKeysWith: { first, _ in first })
            ).snapshot(),
            EnvironmentVariablesProvider(
                environmentVariables: environment, secretsSpecifier: .all
            ).prefixKeys(with: "churn").snapshot(),
        ]
        let namers: [(ConfigurationKey) -> String] = [\.flag, \.environmentName]
        let path = flags[.file] ?? environment[ConfigurationKey.file.environmentName]
        let file = path.map { ConfigurationFile(path: $0) }
        if let file {
            faults += file.faults
            let values = ConfigurationKey.all.compactMap { key in
                file.values[key.name].map {
                    (AbsoluteConfigKey(key.components), ConfigValue(.string($0), isSecret: true))
                }
            }
            layers.append(
                InMemoryProvider(
                    name: "file", values: Dictionary(values, uniquingKeysWith: { first, _ in first })
                ).snapshot())
        }

        var given: [String: Given] = [:]
        for key in ConfigurationKey.all {
            for (index, layer) in layers.enumerated() {
                let found = try layer.value(forKey: AbsoluteConfigKey(key.components), type: .string).value
                guard case .string(let text)? = found?.content else { continue }
                let line = file?.lines[key.name].map { ":\($0)" } ?? ""
                let source = index < namers.count ? namers[index](key) : "\(path ?? "")\(line), `\(key.name)`"
                if let fault = Self.fault(key, text, source) {
                    faults.append(fault)
                    continue
                }
                // A wrong value in a layer below is hidden by the one above, but wrong all the same.
                if given[key.name] == nil { given[key.name] = Given(text: Secret(text), source: source) }
            }
        }
        self.given = given
    }

    /// The place where a setting's value was given; nil where it is the default.
    func source<Value>(of path: KeyPath<Settings, Setting<Value>>) -> String? {
        self.given[Settings.all[keyPath: path].key.name]?.source
    }

    /// A setting's value.
    subscript<Value>(_ path: KeyPath<Settings, Setting<Value>>) -> Value {
        let setting = Settings.all[keyPath: path]
        // What was given has passed the key's check, so that parsing cannot fail here.
        return self.given[setting.key.name].flatMap { $0.text.withExposedValue(setting.parse) } ?? setting.defaultValue
    }

    /// A setting's value, which must have been given.
    func required<Value>(_ path: KeyPath<Settings, Setting<Value?>>) throws -> Value {
        if let value = self[path] { return value }
        let key = Settings.all[keyPath: path].key
        throw ConfigurationError(faults: [
            ConfigurationFault(
                source: "configuration", problem: "`\(key.name)` is not set",
                advice: "give \(key.flag), \(key.environmentName) or `\(key.name)` in the file: \(key.help)")
        ])
    }

    /// Reads the domain that the configuration names; the Telco domain where it names none.
    func loadDomain() throws -> Domain { try self[\.domain].map { try Domain.load(path: $0) } ?? Domain.telco }

    /// Every key with its value and where it came from, a line each; secrets are redacted.
    var summary: [String] {
        ConfigurationKey.all.map { key in
            guard let given = self.given[key.name] else {
                return "\(key.name) = \(key.defaultValue ?? "(none)") (default)"
            }
            let shown = key.isSecret ? given.text.description : given.text.withExposedValue { $0 }
            return "\(key.name) = \(shown) (\(given.source))"
        }
    }

    private static func fault(_ key: ConfigurationKey, _ text: String, _ source: String) -> ConfigurationFault? {
        if text.isEmpty {
            return ConfigurationFault(
                source: source, problem: "`\(key.name)` is empty", advice: "give a value, or take it away")
        }
        guard !key.kind.accepts(text) else { return nil }
        let shown = key.isSecret ? "the value" : "`\(text)`"
        return ConfigurationFault(
            source: source, problem: "\(shown) is no value of `\(key.name)`", advice: "give \(key.kind.expected)")
    }

    /// Names that begin with CHURN_ and mean nothing: most likely a typing error.
    private static func unknownNames(in environment: [String: String]) -> [ConfigurationFault] {
        let known = Set(ConfigurationKey.all.map(\.environmentName))
        return environment.keys.sorted().compactMap { name in
            guard name.hasPrefix("CHURN_"), !known.contains(name), !self.belongsToTests(name) else { return nil }
            let near = ClosestName.of(name, in: known.sorted())
            return ConfigurationFault(
                source: name, problem: "unknown environment variable",
                advice: near.map { "did you mean \($0)?" } ?? "unset it, or see Docs/configuration.md for all names")
        }
    }

    /// Names that tests and benchmarks of this package use.
    private static func belongsToTests(_ name: String) -> Bool {
        ["CHURN_TEST_", "CHURN_BENCH", "CHURN_FAILPOINT", "CHURN_SIMULATION_"].contains { name.hasPrefix($0) }
            || name == "CHURN_TELCO_CSV"
    }
}
