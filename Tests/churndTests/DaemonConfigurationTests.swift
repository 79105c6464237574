import ChurnCore
import Logging
import Testing

@testable import churnd

@Suite("The configuration")
struct DaemonConfigurationTests {
    /// The error of a configuration that must be refused.
    private func refusal(
        flags: [ConfigurationKey: String] = [:], environment: [String: String] = [:], file: String? = nil
    ) throws -> ConfigurationError? {
        let sample = try file.map { try ConfigurationSample($0) }
        var environment = environment
        if let sample { environment["CHURN_CONFIG"] = sample.path }
        return #expect(throws: ConfigurationError.self) {
            try DaemonConfiguration(flags: flags, environment: environment)
        }
    }

    @Test("has the contract's defaults")
    func defaults() throws {
        let configuration = try DaemonConfiguration(environment: [:])
        #expect(configuration[\.kafkaTopic] == "user_events_topic")
        #expect(configuration[\.kafkaGroup] == "churn_processor_group_v2")
        #expect(configuration[\.httpHost] == "127.0.0.1")
        #expect(configuration[\.httpPort] == 8_080)
        #expect(configuration[\.role] == .all)
        #expect(configuration[\.logLevel] == .info)
        #expect(configuration[\.kafkaAssign] == nil)
        #expect(configuration[\.alertThreshold] == nil)
        #expect(configuration[\.pipelineEffects])
    }

    @Test("takes flags over environment over file")
    func precedence() throws {
        let file = try ConfigurationSample("batch: {size: 1, lingerMs: 1}\nkafka:\n  topic: a\n")
        let configuration = try DaemonConfiguration(
            flags: [Settings.all.batchSize.key: "3", .file: file.path],
            environment: ["CHURN_BATCH_SIZE": "2", "CHURN_BATCH_LINGER_MS": "2"])
        #expect(configuration[\.batchSize] == 3)
        #expect(configuration[\.batchLinger] == .milliseconds(2))
        #expect(configuration[\.kafkaTopic] == "a")
    }

    @Test(
        "ignores what Kubernetes says of services",
        arguments: [
            ("CHURN_SERVICE_HOST", "10.96.0.12"), ("CHURN_SERVICE_PORT", "8080"), ("CHURN_SERVICE_PORT_HTTP", "8080"),
            ("CHURN_PORT", "tcp://10.96.0.12:8080"), ("CHURN_PORT_8080_TCP", "tcp://10.96.0.12:8080"),
            ("CHURN_PORT_8080_TCP_ADDR", "10.96.0.12"), ("CHURN_PORT_8080_TCP_PORT", "8080"),
            ("CHURN_PORT_8080_TCP_PROTO", "tcp"), ("CHURN_PORT_53_UDP", "udp://10.96.0.12:53"),
            ("CHURN_HTTP_PORT", "tcp://10.96.0.12:8080"), ("CHURN_HTTP_ADMIN_PORT", "tcp://10.96.0.12:9090"),
            ("CHURN_SERVE_SERVICE_HOST", "10.96.0.12"), ("CHURN_HTTP_PORT_8080_TCP_ADDR", "10.96.0.12"),
            ("CHURN_POSTGRES_SERVICE_PORT_TCP_POSTGRES", "5432"),
        ])
    func serviceLinks(_ name: String, _ value: String) throws {
        let configuration = try DaemonConfiguration(environment: [name: value])
        #expect(configuration[\.httpPort] == 8_080 && configuration[\.httpAdminPort] == nil)
    }

    @Test(
        "refuses names that are only like those of services",
        arguments: [
            ("CHURN_PORT", "8080"), ("CHURN_HTTP_PORT", "http://10.96.0.12:8080"), ("CHURN_HTTP_PORTS", "tcp://1:1"),
            ("CHURN_SERVICE", "x"), ("CHURN_PORT_TCP_ADDR", "10.96.0.12"), ("CHURN_HTTP_HOSTNAME", "x"),
        ])
    func noServiceLinks(_ name: String, _ value: String) throws {
        #expect(try self.refusal(environment: [name: value]) != nil)
    }

    @Test("takes the file that the flag names over the one that the environment names")
    func fileByFlag() throws {
        let (one, two) = (try ConfigurationSample("role: serve\n"), try ConfigurationSample("role: process\n"))
        let configuration = try DaemonConfiguration(
            flags: [.file: one.path], environment: ["CHURN_CONFIG": two.path])
        #expect(configuration[\.role] == .serve)
    }

    @Test(
        "refuses a value of the wrong kind and names place and expectation",
        arguments: [
            ("batch.size", "many", "a whole number from 1 to 100000"),
            ("batch.size", "0", "a whole number from 1 to 100000"),
            ("batch.size", "1e3", "a whole number from 1 to 100000"),
            ("batch.lingerMs", "5ms", "a whole number from 0 to 60000"),
            ("http.port", "65536", "a whole number from 0 to 65535"),
            ("role", "both", "`all`, `process`, `serve`"),
            ("log.level", "verbose", "`trace`"),
            ("pipeline.effects", "maybe", "true or false"),
            ("alert.threshold", "1.5", "a number from 0.0 to 1.0"),
            ("alert.threshold", "nan", "a number from 0.0 to 1.0"),
            ("kafka.assign", "1,,2", "`all`, or partition numbers"),
            ("kafka.assign", "3-1", "`all`, or partition numbers"),
            ("kafka.assign", "0-2147483647", "`all`, or partition numbers"),
            ("kafka.saslMechanism", "GUESS", "`SCRAM-SHA-256`"),
        ])
    func wrongKind(_ name: String, _ value: String, _ expected: String) throws {
        let key = try #require(ConfigurationKey.all.first { $0.name == name })
        let attempts = [
            (key.flag, try self.refusal(flags: [key: value])),
            (key.environmentName, try self.refusal(environment: [key.environmentName: value])),
            (".yaml:1, `\(name)`", try self.refusal(file: "\(name): \"\(value)\"\n")),
        ]
        for (source, error) in attempts {
            let fault = try #require(error?.faults.first)
            #expect(error?.faults.count == 1)
            #expect(fault.source.hasSuffix(source))
            #expect(fault.problem.contains("`\(name)`"))
            #expect(fault.advice.contains(expected))
            #expect(error?.disposition == .fatal)
        }
    }

    @Test("refuses an unknown environment variable with a suggestion")
    func unknownVariable() throws {
        let error = try self.refusal(environment: ["CHURN_KAFKA_BROKER": "x", "CHURN_COLOUR_OF_SKY": "blue"])
        #expect(error?.faults.map(\.source) == ["CHURN_COLOUR_OF_SKY", "CHURN_KAFKA_BROKER"])
        #expect(
            error?.faults.map(\.advice) == [
                "unset it, or see Docs/configuration.md for all names", "did you mean CHURN_KAFKA_BROKERS?",
            ])
    }

    @Test("ignores variables of tests, benchmarks and other programs")
    func foreignVariables() throws {
        _ = try DaemonConfiguration(environment: [
            "CHURN_TEST_POSTGRES_URL": "x", "CHURN_TEST_KAFKA_BROKERS": "x", "CHURN_BENCH": "1", "CHURN_TELCO_CSV": "x",
            "CHURN_FAILPOINT": "before-commit", "PATH": "/bin", "KAFKA_BROKERS": "x",
        ])
    }

    @Test(
        "refuses a faulty file with the line",
        arguments: [
            ("kafka:\n  borkers: a\n", 2, "did you mean `kafka.brokers`?"),
            ("kafak:\n  brokers: a\n", 1, "Docs/configuration.md"),
            ("rloe: all\n", 1, "did you mean `role`?"),
            ("role: all\nkafka: a\n", 2, "`kafka` is not a section"),
            ("batch:\n  size: [1]\n", 2, "not a single value"),
            ("batch:\n  size:\n", 2, "has no value"),
            ("- role\n", 1, "the file is not a section"),
            ("role: all\nrole: all\n", 1, "more than once"),
            ("role: [all\n", 2, "not YAML"),
            ("config: other.yaml\n", 1, "cannot name another file"),
            ("role: &a all\nmodel: *a\n", 2, "aliases"),
            ("? [a]\n: b\n", 1, "a key is not a text"),
        ])
    func faultyFile(_ text: String, _ line: Int, _ says: String) throws {
        let error = try self.refusal(file: text)
        let fault = error?.faults.first { $0.description.contains(says) }
        #expect(fault?.source.hasSuffix(".yaml:\(line)") == true, "\(error?.description ?? "no error")")
    }

    @Test("accepts a file that sets nothing", arguments: ["", "# nothing yet\n", "{}\n"])
    func emptyFile(_ text: String) throws {
        let file = try ConfigurationSample(text)
        #expect(try DaemonConfiguration(environment: ["CHURN_CONFIG": file.path])[\.batchSize] == 4_000)
    }

    @Test("refuses a file that is not there")
    func missingFile() throws {
        let error = try self.refusal(environment: ["CHURN_CONFIG": "/nowhere/churn.yaml"])
        #expect(error?.description.hasPrefix("/nowhere/churn.yaml: the file cannot be read") == true)
    }

    @Test("reports all faults of all places at once")
    func allAtOnce() throws {
        let error = try self.refusal(
            flags: [Settings.all.role.key: "both", Settings.all.httpPort.key: ""],
            environment: ["CHURN_BATCH_SIZE": "many", "CHURN_KAFKA_TOPC": "x"], file: "modle: x\n")
        #expect(error?.faults.count == 5)
    }

    @Test("never shows a secret")
    func secrets() throws {
        let canary = "canary-5d1f"
        let secretKeys = ConfigurationKey.all.filter(\.isSecret)
        #expect(
            Set(secretKeys.map(\.name)) == [
                "kafka.saslPassword", "kafka.sslKeyPassword", "postgres.url", "webhook.secret", "webhook.slackUrl",
                "webhook.url",
            ])
        let environment = Dictionary(uniqueKeysWithValues: secretKeys.map { ($0.environmentName, canary) })
        let configuration = try DaemonConfiguration(environment: environment)
        var shown =
            configuration.summary.joined(separator: "\n") + "\(configuration)" + String(reflecting: configuration)
        dump(configuration, to: &shown)
        #expect(!shown.contains(canary))
        #expect(configuration[\.postgresUrl]?.withExposedValue { $0 } == canary)
        let broken = try self.refusal(file: "postgres:\n  url: \"\(canary)\n")
        #expect(broken?.description.contains(canary) == false)
        let nested = try self.refusal(file: "postgres:\n  url: [\(canary)]\n")
        #expect(nested?.description.contains(canary) == false)
    }

    @Test("names flag, variable and key of a value that must be given")
    func required() throws {
        let configuration = try DaemonConfiguration(environment: [:])
        let error = #expect(throws: ConfigurationError.self) { try configuration.required(\.postgresUrl) }
        for name in ["--postgres-url", "CHURN_POSTGRES_URL", "`postgres.url`"] {
            #expect(error?.description.contains(name) == true)
        }
        let given = try DaemonConfiguration(environment: ["CHURN_MODEL": "here"])
        #expect(try given.required(\.model) == "here")
    }

    @Test(
        "reads lists of partitions",
        arguments: [
            ("all", PartitionSelection.all), ("0", .listed([0])), ("3, 1 ,2", .listed([1, 2, 3])),
            ("4-6,5", .listed([4, 5, 6])),
        ])
    func partitions(_ text: String, _ selection: PartitionSelection) throws {
        let configuration = try DaemonConfiguration(environment: ["CHURN_KAFKA_ASSIGN": text])
        #expect(configuration[\.kafkaAssign] == selection)
    }
}
