import ChurnCore
import ServiceLifecycle

/// Checks now and then that files which were read at the start could be read again, for components on the health board.
///
/// The process goes on with what it read, so that a fault would show at the next start only, when it is urgent.
struct FileWatch: Service, CustomStringConvertible {
    /// Something that was read from files.
    struct Part: Sendable {
        /// The component's name.
        var name: String
        /// Reads it again; returns what differs from what is used, nil where nothing does.
        var check: @Sendable () async throws -> String?
    }

    let parts: [Part]
    let health: HealthBoard
    var interval: Duration = .seconds(5)

    var description: String { "FileWatch" }

    func run() async throws {
        await cancelWhenGracefulShutdown {
            repeat {
                for part in self.parts { await self.look(at: part) }
            } while (try? await Task.sleep(for: self.interval)) != nil
        }
    }

    /// Checks one part and reports.
    func look(at part: Part) async {
        do {
            let difference = try await part.check()
            self.health.report(
                part.name,
                difference.map { .degraded(reason: $0, advice: "restart the process to use what the file says now") }
                    ?? .healthy)
        } catch {
            let faults = ConfigurationFault.all(in: error).map(\.description).joined(separator: "; ")
            self.health.report(
                part.name,
                .degraded(
                    reason: "what was read at the start is used; the file cannot be used now",
                    advice: "restore it before the next start: \(faults)"))
        }
    }
}

extension Deployment {
    /// The watch over the files that were read at the start; nil where there are none.
    ///
    /// - Parameter serves: whether callers sign in here.
    func fileWatch(serves: Bool) -> FileWatch? {
        var parts: [FileWatch.Part] = []
        let (configuration, domain) = (self.configuration, self.domain)
        if configuration[\.domain] != nil {
            parts.append(
                FileWatch.Part(name: "domain") {
                    try Self.domain(of: configuration) == domain ? nil : "the domain file changed since the start"
                })
        }
        if serves, configuration[\.authJwtKeysFile] != nil || configuration[\.authJwtSecretFile] != nil {
            parts.append(
                FileWatch.Part(name: "token-keys") {
                    try await self.checkTokens()
                    return nil
                })
        }
        return parts.isEmpty ? nil : FileWatch(parts: parts, health: self.health)
    }
}
