import ChurnCore
import ChurnFiles
import ChurnServe
import Foundation
import Logging
import Metrics
import ServiceLifecycle
import UnixSignals

/// The one composition root: what every subcommand is put together from.
struct Deployment {
    let configuration: DaemonConfiguration
    let domain: Domain
    let logger: Logger
    let health: HealthBoard
    let metrics = PrometheusMetricsFactory()
    let latency: EventLatency

    /// Reads the configuration and the domain file.
    ///
    /// - Throws: a ``ConfigurationError`` with all faults of both.
    init(_ flags: ConfigurationFlags) throws {
        var faults: [ConfigurationFault] = []
        try self.init(flags, faults: &faults)
        guard faults.isEmpty else { throw ConfigurationError(faults: faults) }
    }

    /// Reads the configuration and the domain file, adds what is wrong with them to `faults`, and goes on with the rest.
    init(_ flags: ConfigurationFlags, faults: inout [ConfigurationFault]) throws {
        let configuration = try DaemonConfiguration(flags: flags, faults: &faults)
        self.configuration = configuration
        var domain = Domain.telco
        do {
            domain = try Self.domain(of: configuration)
        } catch {
            faults += ConfigurationFault.all(in: error)
            // What keys alone say can still be judged.
            if configuration[\.alertEnter] ?? configuration[\.alertThreshold] != nil {
                Self.take(configuration, into: &domain.alerts)
            }
        }
        self.domain = domain
        faults += ConfigurationRules.alerts(domain.alerts, of: configuration)
        var logger = Logger(label: "churnd") { StreamLogHandler.standardError(label: $0) }
        logger.logLevel = configuration[\.logLevel]
        self.logger = logger
        self.health = HealthBoard(logger: logger, metrics: self.metrics) { CommandAdvice.text($0, $1) }
        let latency = EventLatency(metrics: self.metrics)
        self.metrics.whenRead { latency.measureAge() }
        self.latency = latency
    }

    /// Reads the domain, with the alerts that the configuration asks for.
    static func domain(of configuration: DaemonConfiguration) throws -> Domain {
        var domain = try configuration.loadDomain()
        Self.take(configuration, into: &domain.alerts)
        return domain
    }

    private static func take(_ configuration: DaemonConfiguration, into alerts: inout AlertPolicy) {
        alerts.threshold = configuration[\.alertThreshold] ?? alerts.threshold
        alerts.enter = configuration[\.alertEnter] ?? alerts.enter
        alerts.exit = configuration[\.alertExit] ?? alerts.exit
        alerts.coolDown = configuration[\.alertCoolDown] ?? alerts.coolDown
    }

    /// The event decoder of this domain.
    var decoder: EventDecoder { EventDecoder(domain: self.domain) }

    /// Runs services until one ends, or until SIGTERM or SIGINT; then ends them in reverse order, within 20 s.
    func run(_ services: [ServiceGroupConfiguration.ServiceConfiguration]) async throws {
        var quiet = self.logger
        // The group logs its services as text at debug, all their parts included.
        quiet.logLevel = max(quiet.logLevel, .info)
        // The first to start and the last to stop.
        let reminder = ServiceGroupConfiguration.ServiceConfiguration(service: HealthReminder(board: self.health))
        var group = ServiceGroupConfiguration(
            services: [reminder] + services, gracefulShutdownSignals: [.sigterm, .sigint], logger: quiet)
        group.maximumGracefulShutdownDuration = .seconds(20)
        group.maximumCancellationDuration = .seconds(5)
        try await ServiceGroup(configuration: group).run()
    }
}
