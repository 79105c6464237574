package import Logging

extension Logger {
    /// A logger of failures that no test expects.
    package static var quiet: Logger {
        var logger = Logger(label: "test")
        logger.logLevel = .critical
        return logger
    }
}
