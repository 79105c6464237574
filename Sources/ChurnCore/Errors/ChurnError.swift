/// The response that a failure calls for.
public enum FailureDisposition: Hashable, Sendable {
    /// The infrastructure failed: try again, with back-off, indefinitely.
    case retry
    /// The data is at fault: narrow it down to the record and set that aside.
    case reject
    /// Neither helps: configuration or a broken invariant. Stop and say so.
    case fatal
}

/// An error that says what to do about it.
///
/// The pipeline treats errors that do not as `retry`.
public protocol ClassifiedError: Error {
    /// The response that it calls for.
    var disposition: FailureDisposition { get }
}

/// An error of this package.
///
/// Its `description` is built from authored text only and cannot carry data.
public struct ChurnError: ClassifiedError, CustomStringConvertible, CustomDebugStringConvertible {
    /// The kind of failure.
    ///
    /// `description` is a bounded metric label.
    public struct Code: Hashable, Sendable, CustomStringConvertible {
        /// The name in logs and metrics.
        public let description: String
        /// Creates a code; the name must be authored text.
        public init(_ name: StaticString) { self.description = name.description }

        /// The source of events cannot be reached.
        public static let sourceUnavailable = Self("sourceUnavailable")
        /// The store cannot be reached.
        public static let storeUnavailable = Self("storeUnavailable")
        /// A transaction's outcome is not known: the connection broke during COMMIT.
        public static let commitOutcomeUnknown = Self("commitOutcomeUnknown")
        /// A number that the store gave is taken already; the next attempt gets others.
        public static let numbersTaken = Self("numbersTaken")
        /// More events name customers that the store does not have than is allowed: the customers must be missing.
        public static let customersMissing = Self("customersMissing")
        /// The store refused data (SQLSTATE class 22 or 23, or what a trigger raises).
        public static let dataRefused = Self("dataRefused")
        /// The store failed in a way that data of one row most likely caused; to be tried again before it is believed.
        public static let dataSuspected = Self("dataSuspected")
        /// The role that logs in at the store may not do what is needed; a grant brings that while the process waits.
        public static let privilegeMissing = Self("privilegeMissing")
        /// The store is not as this version needs it, and no migration changes that.
        public static let schemaMismatch = Self("schemaMismatch")
        /// The store's tables are not those of this version: a migration brings them there.
        public static let migrationNeeded = Self("migrationNeeded")
        /// The predictor failed.
        public static let predictionFailed = Self("predictionFailed")
        /// A model bundle is damaged, of another schema or not the model that it claims to be.
        public static let modelRefused = Self("modelRefused")
        /// No model was registered and promoted yet.
        public static let noModel = Self("noModel")
        /// No registered model of the domain has the version.
        public static let modelUnknown = Self("modelUnknown")
        /// The model is the champion, which another one must replace first.
        public static let modelIsChampion = Self("modelIsChampion")
        /// The model is the challenger, whose work must end first.
        public static let modelIsChallenger = Self("modelIsChallenger")
        /// Scores that the model made are kept.
        public static let modelHasScores = Self("modelHasScores")
        /// A configuration or domain file is wrong.
        public static let invalidConfiguration = Self("invalidConfiguration")
        /// A file cannot be read or is not of the expected form.
        public static let invalidFile = Self("invalidFile")
        /// A large part of a customer file's columns is not in the domain: it is that of another business.
        public static let otherDomain = Self("otherDomain")
        /// Rows of one customer differ, and nothing says which of them counts.
        public static let customerRepeated = Self("customerRepeated")
        /// No column was named as the customer's id, and one looks like it.
        public static let idUnclear = Self("idUnclear")
        /// Nothing says which value of the label means that a customer left.
        public static let labelUnclear = Self("labelUnclear")
        /// Nothing says in which encoding a file's letters are.
        public static let encodingUnclear = Self("encodingUnclear")
        /// A file without ids would give the numbers of known customers to others.
        public static let customersNumbered = Self("customersNumbered")
        /// There is no built dashboard that can be read.
        public static let noDashboard = Self("noDashboard")
        /// The process cannot open another file, socket or pipe.
        public static let outOfDescriptors = Self("outOfDescriptors")
        /// Something took longer than it may.
        public static let timedOut = Self("timedOut")
        /// A stored position lies outside the log.
        public static let positionOutsideLog = Self("positionOutsideLog")
        /// The stored progress cannot be read.
        public static let stateUnreadable = Self("stateUnreadable")
        /// An invariant of this package is broken.
        public static let internalError = Self("internalError")
    }

    /// The kind of failure.
    public let code: Code
    /// The response that it calls for.
    public let disposition: FailureDisposition
    /// The operation that failed.
    ///
    /// Authored text.
    public let operation: StaticString
    /// The cause, its place and the remedy, for a person at a terminal.
    ///
    /// May name files, columns and addresses; never a secret, a payload or a row's value.
    public let advice: String
    /// The error below; shown by `debugDescription` only.
    public let underlying: (any Error)?

    /// Creates an error.
    public init(
        _ code: Code, _ disposition: FailureDisposition, during operation: StaticString, advice: String = "",
        underlying: (any Error)? = nil
    ) {
        self.code = code
        self.disposition = disposition
        self.operation = operation
        self.advice = advice
        self.underlying = underlying
    }

    /// Code and operation: harmless in any log.
    public var description: String { "\(self.code) during \(self.operation)" }

    /// All there is to know, for a person who debugs.
    public var debugDescription: String {
        var text = self.description
        if !self.advice.isEmpty { text += ": \(self.advice)" }
        if let underlying { text += " (\(String(reflecting: underlying)))" }
        return text
    }
}

extension Error {
    /// The response that this error calls for; `retry` where it does not say.
    public var failureDisposition: FailureDisposition {
        (self as? any ClassifiedError)?.disposition ?? .retry
    }
}

extension Error {
    /// Whether a process that is at work waits until it is over: the infrastructure failed, or lacks a privilege that a
    /// person grants meanwhile.
    ///
    /// A command that works once fails with the second instead.
    package var isOutage: Bool {
        self.failureDisposition == .retry || (self as? ChurnError)?.code == .privilegeMissing
    }
}
