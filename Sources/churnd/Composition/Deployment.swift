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
    let health = HealthBoard { CommandAdvice.text($0, $1) }
    let metrics = PrometheusMetricsFactory()
    let latency: EventLatency

    /// Reads the configuration and the domain file.
    init(_ flags: ConfigurationFlags) throws {
        let configuration = try DaemonConfiguration(flags: flags)
        self.configuration = configuration
        var domain = try configuration.loadDomain()
        domain.alerts.threshold = configuration[\.alertThreshold] ?? domain.alerts.threshold
        domain.alerts.enter = configuration[\.alertEnter] ?? domain.alerts.enter
        domain.alerts.exit = configuration[\.alertExit] ?? domain.alerts.exit
        domain.alerts.coolDown = configuration[\.alertCoolDown] ?? domain.alerts.coolDown
        self.domain = domain
        var logger = Logger(label: "churnd") { StreamLogHandler.standardError(label: $0) }
        logger.logLevel = configuration[\.logLevel]
        self.logger = logger
        let latency = EventLatency(metrics: self.metrics)
        self.metrics.whenRead { latency.measureAge() }
        self.latency = latency
    }

    /// The event decoder of this domain.
    var decoder: EventDecoder { EventDecoder(domain: self.domain) }

    /// Runs services until one ends, or until SIGTERM or SIGINT; then ends them in reverse order, within 20 s.
    func run(_ services: [ServiceGroupConfiguration.ServiceConfiguration]) async throws {
        var quiet = self.logger
        // The group logs its services as text at debug, all their parts included.
        quiet.logLevel = max(quiet.logLevel, .info)
        var group = ServiceGroupConfiguration(
            services: services, gracefulShutdownSignals: [.sigterm, .sigint], logger: quiet)
        group.maximumGracefulShutdownDuration = .seconds(20)
        group.maximumCancellationDuration = .seconds(5)
        try await ServiceGroup(configuration: group).run()
    }
}
