public import ChurnCore

/// The connection to a Kafka cluster: addresses, and librdkafka's settings for TLS, SASL and all the rest.
///
/// Settings that hold secrets (`sasl.password`, `ssl.key.password` and their like) are kept apart wherever they were
/// given, and never show themselves in a description, an error or a log.
public struct KafkaConnection: Sendable, CustomStringConvertible {
    /// The bootstrap brokers, `host:port` separated by commas.
    public let brokers: String
    /// librdkafka's settings by name, without those that hold secrets.
    public let settings: [String: String]
    /// The settings that hold secrets.
    public let secrets: [String: Secret<String>]

    /// Creates a connection.
    ///
    /// Where `settings` does not name a `security.protocol`, brokers on loopback are reached in plain text and all
    /// others through TLS; `plaintext` for another host must be spelled out.
    ///
    /// - Parameters:
    ///   - brokers: `host:port` separated by commas.
    ///   - settings: librdkafka's settings by name.
    ///   - secrets: settings whose values must not show.
    public init(brokers: String, settings: [String: String] = [:], secrets: [String: Secret<String>] = [:]) {
        self.brokers = brokers
        self.settings = settings.filter { !Self.isSensitive($0.key) }
        var hidden = secrets
        for (name, value) in settings where Self.isSensitive(name) { hidden[name] = Secret(value) }
        self.secrets = hidden
    }

    /// Brokers and the names of the settings; no secret.
    public var description: String {
        let names = (self.settings.map { "\($0.key)=\($0.value)" } + self.secrets.map { "\($0.key)=<redacted>" })
            .sorted()
        return "Kafka at \(self.brokers)" + (names.isEmpty ? "" : " (\(names.joined(separator: ", ")))")
    }

    /// `security.protocol` as given, else by whether all brokers are on loopback.
    var securityProtocol: String {
        if let given = self.settings["security.protocol"] { return given }
        let transport = self.isLoopback ? "plaintext" : "ssl"
        let hasMechanism = self.settings["sasl.mechanism"] != nil || self.settings["sasl.mechanisms"] != nil
        return hasMechanism ? "sasl_\(transport)" : transport
    }

    /// Text that came from librdkafka, with every secret's value taken out of it.
    func redacting(_ text: String) -> String {
        self.secrets.values.reduce(text) { text, secret in
            secret.withExposedValue { $0.isEmpty ? text : text.replacing($0, with: "<redacted>") }
        }
    }

    private var isLoopback: Bool {
        self.brokers.split(separator: ",").allSatisfy { broker in
            let address = broker.drop { $0 == " " }
            let end = address.hasPrefix("[") ? address.firstIndex(of: "]").map(address.index(after:)) : nil
            return LoopbackAddress.contains(
                String(address[..<(end ?? address.firstIndex(of: ":") ?? address.endIndex)]))
        }
    }

    private static func isSensitive(_ name: String) -> Bool {
        name.contains("password") || name.contains("secret") || name.hasSuffix("key.pem") || name == "ssl_key"
            || name == "sasl.oauthbearer.config"
    }
}
