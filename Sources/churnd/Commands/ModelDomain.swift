import ChurnCore
import ChurnFiles

/// The domain of commands that make or use a model's folder and need no database.
enum ModelDomain {
    /// The domain that a flag, CHURN_DOMAIN or the configuration file names; the Telco domain where none does.
    static func load(_ flag: String?) throws -> Domain {
        let flags = flag.map { [Setting.domain.key: $0] } ?? [:]
        return try DaemonConfiguration(flags: flags)[.domain].map { try Domain.load(path: $0) } ?? Domain.telco
    }
}
