import ChurnCore
import ChurnFiles

/// One fault in the configuration.
struct ConfigurationFault: Hashable, Sendable, CustomStringConvertible {
    /// The place of the fault: a flag, an environment variable, or a file with line and column.
    let source: String
    /// The fault, without any secret's value.
    let problem: String
    /// The remedy.
    let advice: String

    var description: String { "\(self.source): \(self.problem); \(self.advice)" }
}

extension ConfigurationFault {
    /// The faults that an error of something that was configured names.
    static func all(in error: any Error) -> [ConfigurationFault] {
        switch error {
        case let error as ConfigurationError: error.faults
        case let error as DomainFileError:
            error.faults.map {
                ConfigurationFault(
                    source: "\(error.file):\($0.line):\($0.column)", problem: $0.problem, advice: $0.advice)
            }
        case let error as ChurnError:
            [
                ConfigurationFault(
                    source: "configuration", problem: error.description,
                    advice: CommandAdvice.text(error.code, error.advice))
            ]
        default: [ConfigurationFault(source: "configuration", problem: "\(error)", advice: "check it")]
        }
    }
}

/// All faults of the configuration at once.
struct ConfigurationError: ClassifiedError, CustomStringConvertible {
    /// The faults, at least one.
    let faults: [ConfigurationFault]

    /// Always fatal: only a person can fix the configuration.
    var disposition: FailureDisposition { .fatal }

    var description: String { self.faults.map(\.description).joined(separator: "\n") }
}
