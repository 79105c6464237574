/// A named place at which a test may stop, delay or kill the process.
package struct Failpoint: RawRepresentable, Hashable, Sendable {
    /// The name used by test scripts.
    package var rawValue: String
    /// Creates a failpoint from its name.
    package init(rawValue: String) { self.rawValue = rawValue }

    /// All statements of a write ran; its COMMIT was not sent.
    package static let beforeCommit = Self(rawValue: "before-commit")
    /// A write's COMMIT succeeded; no one was notified.
    package static let afterCommit = Self(rawValue: "after-commit")
    /// The pipeline knows that a batch is durable; it was not published.
    package static let beforePublish = Self(rawValue: "before-publish")
}

/// The actions at failpoints: none, unless a test sets one.
package struct Failpoints: Sendable {
    private let action: (@Sendable (Failpoint) async throws -> Void)?

    /// Failpoints at which nothing happens.
    package static let none = Failpoints(action: nil)

    private init(action: (@Sendable (Failpoint) async throws -> Void)?) { self.action = action }

    /// Failpoints at which `action` runs.
    package init(_ action: @escaping @Sendable (Failpoint) async throws -> Void) { self.action = action }

    /// Whether anything happens at any of them.
    package var areArmed: Bool { self.action != nil }

    /// Runs what a test asked for at this place.
    package func reach(_ failpoint: Failpoint) async throws {
        if let action { try await action(failpoint) }
    }
}
