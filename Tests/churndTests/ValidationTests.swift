import ChurnCore
import Foundation
import Testing

@testable import churnd

@Suite("The validation of a configuration")
struct ValidationTests {
    private static let url = "postgres://churn@127.0.0.1:1/churn"

    /// A configuration that is fine for every role.
    private static let fine = [
        "postgres.url": Self.url, "model": "/nowhere", "http.port": "0", "auth.mode": "none",
    ]

    /// The faults that both `check` and `run` report.
    private func faults(_ values: [String: String]) async throws -> [ConfigurationFault] {
        var flags: ConfigurationFlags = [:]
        for (name, value) in Self.fine.merging(values, uniquingKeysWith: { $1 }) where !value.isEmpty {
            flags[try #require(ConfigurationKey.all.first { $0.name == name })] = value
        }
        return try await Deployment.examined(flags).1
    }

    @Test("finds nothing wrong with what each role needs", arguments: ["all", "process", "serve"])
    func roles(_ role: String) async throws {
        #expect(try await self.faults(["role": role]) == [])
    }

    @Test("asks of a role only what it needs")
    func needs() async throws {
        // Nothing of Kafka, and no model, for a process that serves.
        #expect(try await self.faults(["role": "serve", "model": "", "kafka.settings": "no.such.setting=1"]) == [])
        // Nothing of clients for one that scores.
        #expect(try await self.faults(["role": "process", "auth.mode": "jwt"]) == [])
        #expect(try await self.faults(["role": "process", "model": ""]).count == 1)
        #expect(try await self.faults(["role": "serve", "postgres.url": ""]).count == 1)
    }

    @Test(
        "refuses what a run could not start with",
        arguments: [
            (["postgres.url": "http://db/churn"], "form postgres://"),
            (["postgres.url": "postgres://db:99999/churn"], "port"),
            (["postgres.url": "postgres://db/churn?sslmode=maybe"], "sslmode"),
            (["kafka.settings": "no.such.setting=1"], "no.such.setting"),
            (["kafka.settings": "fetch.max.bytes=1"], "fetch.max.bytes"),
            (["kafka.brokers": "kafka:99999"], "host with a port"), (["kafka.brokers": "a,,b"], "host with a port"),
            (["kafka.securityProtocol": "sasl_plaintext"], "log in at the brokers"),
            (["kafka.sslCaLocation": "/nowhere.pem"], "cannot be read"),
            (["kafka.sslKeyLocation": "/dev/null"], "a folder, a pipe or a device"),
            (["kafka.updatesTopic": "user_events_topic"], "the same topic"),
            (["kafka.updatesTopic": "x", "kafka.deadLetterTopic": "x"], "the same topic"),
            (["http.host": "0.0.0.0"], "everyone may do everything"),
            (["http.host": "0.0.0.0", "auth.mode": "keys"], "plain text"),
            (["http.tlsKeyFile": "/dev/null"], "given without"),
            (["http.origins": "nonsense"], "is no origin"), (["http.dashboard": "/nowhere"], "no dashboard"),
            (["http.port": "8080", "http.adminPort": "8080"], "the same as `http.port`"),
            (["auth.mode": "jwt"], "`auth.jwtIssuer`"),
            (["auth.mode": "jwt", "auth.jwtIssuer": "a", "auth.jwtAudience": "b"], "neither a secret"),
            (
                ["auth.mode": "jwt", "auth.jwtIssuer": "a", "auth.jwtAudience": "b", "auth.jwtKeysFile": "/nowhere"],
                "cannot be read"
            ), (["webhook.url": "http://crm.example/x"], "https"),
            (["webhook.file": "/nowhere.yaml"], "cannot be read"),
            (["webhook.caFile": "/nowhere.pem"], "cannot be read"),
            (["domain": "/nowhere.yaml"], "cannot be read"),
            (["alert.exit": "0.9"], "above 0.7"), (["alert.enter": "0.4", "alert.exit": "0.5"], "above 0.4"),
            (["alert.threshold": "0.5", "alert.exit": "0.6"], "above 0.5"),
        ] as [([String: String], String)])
    func refused(_ values: [String: String], _ says: String) async throws {
        let faults = try await self.faults(values)
        #expect(faults.contains { $0.description.contains(says) }, "\(faults)")
    }

    @Test("reports the faults of keys, domain and role at once")
    func together() async throws {
        let sample = try ConfigurationSample("batch.size: many\nunknwon: 1\nrole: both\nhttp.tlsKeyFile: /nowhere\n")
        let faults = try await self.faults([
            "config": sample.path, "alert.enter": "0.4", "alert.exit": "0.9", "domain": "/nowhere.yaml",
        ])
        for says in ["batch.size", "unknwon", "`role`", "tlsKeyFile", "0.9", "/nowhere.yaml"] {
            #expect(faults.contains { $0.description.contains(says) }, "\(says) in \(faults)")
        }
    }

    @Test("refuses alerts that end above where they begin wherever the values come from")
    func alerts() throws {
        let file = try ConfigurationSample("alert:\n  enter: 0.4\n  exit: 0.5\n")
        #expect(throws: ConfigurationError.self) { try Deployment([.file: file.path]) }
        let fine = try Deployment([
            Settings.all.alertEnter.key: "0.5", Settings.all.alertExit.key: "0.5",
        ])
        #expect(fine.domain.alerts.exit == 0.5)
    }

    @Test("refuses a key that a file has in both forms")
    func bothForms() throws {
        let file = try ConfigurationSample("batch.size: 1\nbatch:\n  size: 2\n")
        let error = #expect(throws: ConfigurationError.self) { try Deployment([.file: file.path]) }
        #expect(error?.description.contains("there already, in line 1") == true)
    }
}
