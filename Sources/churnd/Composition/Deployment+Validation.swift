import ChurnCore
import ChurnKafka
import ChurnServe
import ChurnStore

extension Deployment {
    /// Reads the configuration for the role that it names and checks all of it, as `churnd run` and `churnd check` do.
    ///
    /// - Throws: a ``ConfigurationError`` with all faults at once.
    static func validated(_ flags: ConfigurationFlags) async throws -> Deployment {
        let (deployment, faults) = try await self.examined(flags)
        guard faults.isEmpty else { throw ConfigurationError(faults: faults) }
        return deployment
    }

    /// The same for a program that goes on where there are faults.
    static func examined(_ flags: ConfigurationFlags) async throws -> (Deployment, [ConfigurationFault]) {
        var faults: [ConfigurationFault] = []
        let deployment = try Deployment(flags, faults: &faults)
        faults += await deployment.roleFaults()
        var seen: Set<ConfigurationFault> = []
        return (deployment, faults.filter { seen.insert($0).inserted })
    }

    /// What is wrong with the configuration for its role: every part that the role has is made, as the run makes it, and
    /// thrown away; nothing is connected to.
    private func roleFaults() async -> [ConfigurationFault] {
        let role = self.configuration[\.role]
        var faults = ConfigurationRules.all(self.configuration)
        // A part whose file is a pipe would wait for it.
        guard faults.isEmpty else { return faults + self.missing(for: role) }
        faults = self.missing(for: role)
        func attempt(_ make: () async throws -> Void) async {
            do { try await make() } catch { faults += ConfigurationFault.all(in: error) }
        }
        if self.configuration[\.postgresUrl] != nil { await attempt { try await self.store().close() } }
        if role.processes {
            await attempt { try KafkaEventSource.check(self.kafkaSourceConfiguration) }
            for topic in [self.configuration[\.kafkaUpdatesTopic], self.configuration[\.kafkaDeadLetterTopic]] {
                guard let topic else { continue }
                await attempt { try await KafkaExports.producer(self, topic).close() }
            }
        }
        if role.serves {
            await attempt { try self.server().validateStart(isOpen: !self.signsIn) }
            await attempt { try await self.checkTokens() }
            await attempt { _ = try self.webhookSettings() }
        } else if self.adminServer == nil {
            await attempt { try self.server().validateStart(isOpen: nil) }
        }
        await attempt { try self.adminServer?.validateStart(isOpen: nil) }
        return faults
    }

    /// The faults of keys that a role cannot do without.
    private func missing(for role: ProcessRole) -> [ConfigurationFault] {
        var faults: [ConfigurationFault] = []
        func need<Value>(_ path: KeyPath<Settings, Setting<Value?>>) {
            do { _ = try self.configuration.required(path) } catch { faults += ConfigurationFault.all(in: error) }
        }
        need(\.postgresUrl)
        if role.processes, !self.hasModels { need(\.model) }
        if role.serves, self.signInModes.contains("jwt") {
            need(\.authJwtIssuer)
            need(\.authJwtAudience)
        }
        return faults
    }
}
