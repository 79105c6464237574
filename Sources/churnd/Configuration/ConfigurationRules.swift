import ChurnCore
import ChurnServe

/// What values of several keys must be to each other.
enum ConfigurationRules {
    /// The faults of an alert policy, of which each part may come from a key or from the domain file.
    static func alerts(_ policy: AlertPolicy, of configuration: DaemonConfiguration) -> [ConfigurationFault] {
        let enter = policy.enter ?? policy.threshold
        guard let exit = policy.exit, exit > enter else { return [] }
        let source =
            configuration.source(of: \.alertExit) ?? configuration.source(of: \.alertEnter)
            ?? configuration.source(of: \.alertThreshold) ?? configuration[\.domain] ?? "domain"
        return [
            ConfigurationFault(
                source: source,
                problem: "customers would stop being at risk at \(exit), above \(enter), where they become so",
                advice: "each score between would alert again: set `alert.exit` to at most `alert.enter`, which is the "
                    + "threshold where it is not given")
        ]
    }

    /// The faults of files, and of values against each other, that the role of the process has a use for.
    static func all(_ configuration: DaemonConfiguration) -> [ConfigurationFault] {
        var pairs = [
            self.both(configuration, \.httpTlsCertificateFile, \.httpTlsKeyFile), self.ports(configuration),
        ]
        var faults = self.files(configuration)
        if configuration[\.role].processes {
            pairs.append(self.both(configuration, \.kafkaSslCertificateLocation, \.kafkaSslKeyLocation))
            faults += self.kafka(configuration)
        }
        return faults + pairs.compactMap(\.self)
    }

    /// The faults of the topics that a process reads and writes.
    private static func kafka(_ configuration: DaemonConfiguration) -> [ConfigurationFault] {
        var faults: [ConfigurationFault] = []
        let brokers = configuration[\.kafkaBrokers].split(separator: ",", omittingEmptySubsequences: false)
        for broker in brokers where !self.isBroker(broker.drop { $0 == " " }) {
            faults.append(
                ConfigurationFault(
                    source: configuration.source(of: \.kafkaBrokers) ?? "kafka.brokers",
                    problem: "one of `kafka.brokers` is no host with a port", advice: "write host:port,host:port"))
            break
        }
        var seen = [configuration[\.kafkaTopic]: "kafka.topic"]
        for (topic, name, path) in [
            (configuration[\.kafkaUpdatesTopic], "kafka.updatesTopic", \Settings.kafkaUpdatesTopic),
            (configuration[\.kafkaDeadLetterTopic], "kafka.deadLetterTopic", \.kafkaDeadLetterTopic),
        ] {
            guard let topic else { continue }
            if let other = seen[topic] {
                faults.append(
                    ConfigurationFault(
                        source: configuration.source(of: path) ?? name,
                        problem: "`\(name)` is the same topic as `\(other)`", advice: "give each a topic of its own"))
            }
            seen[topic] = name
        }
        if configuration[\.kafkaSecurityProtocol]?.hasPrefix("sasl") == true {
            let isComplete =
                configuration[\.kafkaSaslMechanism] != nil && configuration[\.kafkaSaslUsername] != nil
                && configuration[\.kafkaSaslPassword] != nil
            let others = configuration[\.kafkaSettings]?.values.keys.contains { $0.hasPrefix("sasl.") } ?? false
            if !isComplete, !others {
                faults.append(
                    ConfigurationFault(
                        source: configuration.source(of: \.kafkaSecurityProtocol) ?? "kafka.securityProtocol",
                        problem: "there is nothing to log in at the brokers with",
                        advice: "give `kafka.saslMechanism`, `kafka.saslUsername` and `kafka.saslPassword`"))
            }
        }
        return faults
    }

    /// Returns whether a text is `host`, `host:port` or `protocol://host:port`, as librdkafka reads it.
    private static func isBroker(_ text: Substring) -> Bool {
        let address = text.split(separator: "://", maxSplits: 1, omittingEmptySubsequences: false).last ?? text
        guard !address.isEmpty, !address.contains(" "), !address.contains("/") else { return false }
        let isLiteral = address.hasPrefix("[")
        if isLiteral, address.hasSuffix("]") { return true }
        guard let colon = address.lastIndex(of: ":") else { return !isLiteral }
        let host = address[..<colon]
        guard !host.isEmpty, isLiteral == host.hasSuffix("]") else { return false }
        return Int(address[address.index(after: colon)...]).map { (1...65_535).contains($0) } ?? false
    }

    private static func both(
        _ configuration: DaemonConfiguration, _ one: KeyPath<Settings, Setting<String?>>,
        _ other: KeyPath<Settings, Setting<String?>>
    ) -> ConfigurationFault? {
        guard (configuration[one] == nil) != (configuration[other] == nil) else { return nil }
        let (given, missing) = configuration[one] == nil ? (other, one) : (one, other)
        return ConfigurationFault(
            source: configuration.source(of: given) ?? "configuration",
            problem: "`\(Settings.all[keyPath: given].key.name)` is given without "
                + "`\(Settings.all[keyPath: missing].key.name)`",
            advice: "give both or neither")
    }

    private static func ports(_ configuration: DaemonConfiguration) -> ConfigurationFault? {
        guard let admin = configuration[\.httpAdminPort], admin != 0, admin == configuration[\.httpPort] else {
            return nil
        }
        let hosts = [configuration[\.httpHost], configuration[\.httpAdminHost]]
        guard hosts[0] == hosts[1] || hosts.contains("0.0.0.0") || hosts.contains("::") else { return nil }
        return ConfigurationFault(
            source: configuration.source(of: \.httpAdminPort) ?? "http.adminPort",
            problem: "`http.adminPort` is the same as `http.port`", advice: "give them different ports")
    }

    /// The faults of keys that name a file which a library reads at its own time.
    private static func files(_ configuration: DaemonConfiguration) -> [ConfigurationFault] {
        let role = configuration[\.role]
        var paths: [KeyPath<Settings, Setting<String?>>] = [\.httpTlsCertificateFile, \.httpTlsKeyFile]
        if role.processes {
            paths += [\.kafkaSslCaLocation, \.kafkaSslCertificateLocation, \.kafkaSslKeyLocation]
        }
        if role.serves { paths.append(\.webhookCaFile) }
        if role.serves, configuration[\.authMode].contains("jwt") {
            paths += [\.authJwtKeysFile, \.authJwtSecretFile]
        }
        return paths.compactMap { path -> ConfigurationFault? in
            guard let file = configuration[path] else { return nil }
            let name = Settings.all[keyPath: path].key.name
            // librdkafka takes a folder of certificates too.
            if path == \.kafkaSslCaLocation, RegularFile.isFolder(file) { return nil }
            do throws(RegularFile.Fault) {
                try RegularFile.check(file)
                return nil
            } catch {
                return ConfigurationFault(
                    source: configuration.source(of: path) ?? name,
                    problem: error == .otherKind
                        ? "the file of `\(name)` is a folder, a pipe or a device"
                        : "the file of `\(name)` cannot be read",
                    advice: "check that it exists, is a file and may be read")
            }
        }
    }
}
