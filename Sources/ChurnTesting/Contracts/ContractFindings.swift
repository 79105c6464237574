import ChurnCore

/// Something that an implementation does and its contract forbids.
public struct ContractViolation: Hashable, Sendable, CustomStringConvertible {
    /// The promise that was broken.
    public let promise: String
    /// The observation.
    public let message: String
    /// The line of the check that saw it, as `Module/File.swift:line`.
    public let origin: String

    /// Promise, finding and origin in one line.
    public var description: String { "\"\(self.promise)\" is not kept: \(self.message) (\(self.origin))" }
}

/// The findings of a check.
public final class ContractFindings: Sendable {
    /// Ends a check that cannot go on; its reason is recorded.
    struct Stop: Error {}

    private let promise: String
    private let found = Locked<[ContractViolation]>([])

    init(promise: String) { self.promise = promise }

    /// The findings so far.
    public var violations: [ContractViolation] { self.found.withLock { $0 } }

    /// Records a violation where `holds` is false.
    public func expect(
        _ holds: Bool, _ message: @autoclosure () -> String, fileID: String = #fileID, line: Int = #line
    ) {
        if !holds { self.record(message(), fileID, line) }
    }

    /// Records a violation where the values differ.
    public func expectEqual<Value: Equatable>(
        _ actual: Value, _ expected: Value, _ what: String, fileID: String = #fileID, line: Int = #line
    ) {
        if actual != expected { self.record("\(what) is \(actual), expected \(expected)", fileID, line) }
    }

    /// Returns the value; where there is none, records a violation and ends the check.
    public func require<Value>(
        _ value: Value?, _ what: String, fileID: String = #fileID, line: Int = #line
    ) throws -> Value {
        if let value { return value }
        self.record("\(what) is missing", fileID, line)
        throw Stop()
    }

    func record(_ message: String, _ fileID: String, _ line: Int) {
        let violation = ContractViolation(promise: self.promise, message: message, origin: "\(fileID):\(line)")
        self.found.withLock { $0.append(violation) }
    }
}
