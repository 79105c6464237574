public import ChurnCore

/// One fault in a domain file.
public struct DomainFault: Hashable, Sendable, CustomStringConvertible {
    /// The line, from 1.
    public let line: Int
    /// The column, from 1, counted in Unicode scalars.
    public let column: Int
    /// The fault.
    public let problem: String
    /// The remedy.
    public let advice: String

    /// Line, column, what is wrong and what to do.
    public var description: String { "\(self.line):\(self.column): \(self.problem); \(self.advice)" }
}

/// All faults of a domain file at once, in the order of their lines.
public struct DomainFileError: ClassifiedError, Hashable, CustomStringConvertible {
    /// The file's name, as the caller gave it.
    public let file: String
    /// The faults, at least one.
    public let faults: [DomainFault]

    /// Always fatal: only a person can fix the file.
    public var disposition: FailureDisposition { .fatal }

    /// A line for each fault, in the form that editors understand: `file:line:column: ...`.
    public var description: String {
        self.faults.map { "\(self.file):\($0)" }.joined(separator: "\n")
    }
}
