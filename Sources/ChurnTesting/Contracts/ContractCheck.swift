public import Testing

/// One promise of a protocol, as a check that can be run on any implementation.
///
/// A contract is a list of checks. In a test target:
///
///     @Test("keeps the contract of a transactional store", arguments: TransactionalStoreContract.checks)
///     func contract(_ check: TransactionalStoreContract.Check) async {
///         await check.verify { StoreUnderTest(store: try await makeStore()) }
///     }
public struct ContractCheck<Subject: Sendable>: Sendable, CustomTestStringConvertible {
    /// The promise, in one sentence.
    public let promise: String

    private let body: @Sendable (Subject, ContractFindings) async throws -> Void

    /// Creates a check.
    ///
    /// - Parameters:
    ///   - promise: the promise, in one sentence.
    ///   - body: tries the promise on a fresh subject and says what it finds.
    public init(
        _ promise: String, _ body: @escaping @Sendable (Subject, ContractFindings) async throws -> Void
    ) {
        self.promise = promise
        self.body = body
    }

    /// The promise.
    public var testDescription: String { self.promise }

    /// Runs the check and returns what it found wrong; empty when the promise is kept.
    ///
    /// - Parameters:
    ///   - timeLimit: how long the check may take, once it has its subject, before it is cancelled and counts as broken.
    ///   - provide: makes a fresh subject, hands it to its argument once, and takes it down again.
    public func violations(
        timeLimit: Duration = .seconds(60),
        with provide: @escaping @Sendable (_ use: @Sendable (Subject) async throws -> Void) async throws -> Void
    ) async -> [ContractViolation] {
        let findings = ContractFindings(promise: self.promise)
        do {
            // Subjects may have to wait for their turn at a server; that time is not the check's.
            try await provide { subject in try await self.run(on: subject, findings, atMost: timeLimit) }
        } catch {
            if !Task.isCancelled {
                findings.record("an error was thrown: \(String(reflecting: error))", #fileID, #line)
            }
        }
        return findings.violations
    }

    private func run(on subject: Subject, _ findings: ContractFindings, atMost timeLimit: Duration) async throws {
        try await withThrowingTaskGroup(of: Bool.self) { group in
            group.addTask {
                do {
                    try await self.body(subject, findings)
                } catch is ContractFindings.Stop {
                    // The violation that stopped the check is recorded already.
                }
                return true
            }
            group.addTask {
                try? await Task.sleep(for: timeLimit)
                return false
            }
            defer { group.cancelAll() }
            if try await group.next() == false {
                findings.record("no answer within \(timeLimit)", #fileID, #line)
            }
        }
    }

    /// Runs the check and returns what it found wrong, on a subject that needs no taking down.
    public func violations(
        timeLimit: Duration = .seconds(60), of make: @escaping @Sendable () async throws -> Subject
    ) async -> [ContractViolation] {
        await self.violations(timeLimit: timeLimit, with: { use in try await use(make()) })
    }

    /// Runs the check as part of a test; each violation becomes an issue at `sourceLocation`.
    ///
    /// - Parameters:
    ///   - timeLimit: how long the check may take, once it has its subject, before it is cancelled and counts as broken.
    ///   - sourceLocation: where issues are shown.
    ///   - provide: makes a fresh subject, hands it to its argument once, and takes it down again.
    public func verify(
        timeLimit: Duration = .seconds(60), sourceLocation: SourceLocation = #_sourceLocation,
        with provide: @escaping @Sendable (_ use: @Sendable (Subject) async throws -> Void) async throws -> Void
    ) async {
        for violation in await self.violations(timeLimit: timeLimit, with: provide) {
            Issue.record("\(violation.description)", sourceLocation: sourceLocation)
        }
    }

    /// Runs the check as part of a test, on a subject that needs no taking down.
    public func verify(
        timeLimit: Duration = .seconds(60), sourceLocation: SourceLocation = #_sourceLocation,
        of make: @escaping @Sendable () async throws -> Subject
    ) async {
        await self.verify(
            timeLimit: timeLimit, sourceLocation: sourceLocation, with: { use in try await use(make()) })
    }
}
