/// A named place at which a test may stop, delay or kill the process.
public struct Failpoint: RawRepresentable, Hashable, Sendable {
    /// The name used by test scripts.
    public var rawValue: String
    /// Creates a failpoint from its name.
    public init(rawValue: String) { self.rawValue = rawValue }

    /// All statements of a write ran; its COMMIT was not sent.
    public static let beforeCommit = Self(rawValue: "before-commit")
    /// A write's COMMIT succeeded; nobody was told.
    public static let afterCommit = Self(rawValue: "after-commit")
    /// The pipeline knows that a batch is durable; it was not published.
    public static let beforePublish = Self(rawValue: "before-publish")
}

/// What happens at failpoints: nothing, unless a test says otherwise.
public struct Failpoints: Sendable {
    private let action: (@Sendable (Failpoint) async throws -> Void)?

    /// Failpoints at which nothing happens.
    public static let none = Failpoints(action: nil)

    private init(action: (@Sendable (Failpoint) async throws -> Void)?) { self.action = action }

    /// Failpoints at which `action` runs.
    public init(_ action: @escaping @Sendable (Failpoint) async throws -> Void) { self.action = action }

    /// Whether anything happens at any of them.
    public var areArmed: Bool { self.action != nil }

    /// Runs what a test asked for at this place.
    public func reach(_ failpoint: Failpoint) async throws {
        if let action { try await action(failpoint) }
    }
}
