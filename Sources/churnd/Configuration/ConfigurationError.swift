import ChurnCore

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

/// All faults of the configuration at once.
struct ConfigurationError: ClassifiedError, CustomStringConvertible {
    /// The faults, at least one.
    let faults: [ConfigurationFault]

    /// Always fatal: only a person can fix the configuration.
    var disposition: FailureDisposition { .fatal }

    var description: String { self.faults.map(\.description).joined(separator: "\n") }
}
