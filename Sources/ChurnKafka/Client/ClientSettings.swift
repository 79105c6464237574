import CRdKafka
import ChurnCore

/// The settings of one librdkafka client: our own, then the user's over them.
struct ClientSettings: Sendable {
    private let connection: KafkaConnection
    private let own: [String: String]
    /// The settings that our promises rest on and a user may not change, with the reason.
    private let fixed: [String: String]

    /// Settings for a client.
    ///
    /// - Parameters:
    ///   - connection: the user's settings.
    ///   - defaults: our own settings, which the user's replace.
    ///   - fixed: settings that the user's may not replace.
    init(_ connection: KafkaConnection, defaults: [String: String], fixed: [String: String]) {
        self.connection = connection
        self.own = defaults
        self.fixed = fixed.merging([
            "bootstrap.servers": connection.brokers, "security.protocol": connection.securityProtocol,
            "log.queue": "true",
        ]) { a, _ in a }
    }

    /// A new client.
    ///
    /// It is the caller's to destroy.
    func makeClient(_ type: rd_kafka_type_t, events: Int32) throws -> OpaquePointer {
        guard let configuration = rd_kafka_conf_new() else { throw Self.outOfMemory }
        do {
            try self.apply(to: configuration)
        } catch {
            rd_kafka_conf_destroy(configuration)
            throw error
        }
        rd_kafka_conf_set_events(configuration, events | RD_KAFKA_EVENT_LOG | RD_KAFKA_EVENT_ERROR)
        // Takes the configuration over on success only.
        var reason = [CChar](repeating: 0, count: 512)
        guard let client = rd_kafka_new(type, configuration, &reason, reason.count) else {
            rd_kafka_conf_destroy(configuration)
            throw Self.refusal(self.connection.redacting(String(terminated: reason)))
        }
        rd_kafka_set_log_queue(client, nil)
        return client
    }

    private func apply(to configuration: OpaquePointer) throws {
        for (name, value) in self.own { try self.set(name, value, configuration) }
        for (name, value) in self.connection.settings where name != "security.protocol" {
            guard self.fixed[name] == nil else {
                throw Self.refusal("the setting \(name) cannot be changed: delivery rests on it; remove it")
            }
            try self.set(name, value, configuration)
        }
        for (name, value) in self.fixed { try self.set(name, value, configuration) }
        for (name, secret) in self.connection.secrets {
            try secret.withExposedValue { try self.set(name, $0, configuration) }
        }
    }

    private func set(_ name: String, _ value: String, _ configuration: OpaquePointer) throws {
        // librdkafka's own text repeats the value, so it is not used.
        switch rd_kafka_conf_set(configuration, name, value, nil, 0) {
        case RD_KAFKA_CONF_OK: return
        case RD_KAFKA_CONF_UNKNOWN:
            throw Self.refusal("librdkafka has no setting named \(name), or was built without it")
        default: throw Self.refusal("the value of the setting \(name) is not one that librdkafka accepts")
        }
    }

    private static func refusal(_ advice: String) -> ChurnError {
        ChurnError(.invalidConfiguration, .fatal, during: "configuring a Kafka client", advice: advice)
    }

    private static var outOfMemory: ChurnError {
        ChurnError(.internalError, .retry, during: "creating a Kafka client", advice: "out of memory")
    }
}

extension String {
    /// Text from a C buffer that ends with a zero byte; bad UTF-8 is replaced.
    init(terminated buffer: [CChar]) {
        self = String(decoding: buffer.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
}
