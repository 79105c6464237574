/// A record that was set aside.
public struct DeadLetter: Hashable, Sendable {
    /// The status of a dead letter.
    public enum Status: String, Hashable, Sendable, CaseIterable {
        /// Set aside, not yet applied.
        case open
        /// Applied by a retry, in the transaction that marked it.
        case done
    }

    /// Our number of it, rising.
    public var id: Int64
    /// The record, the code and the reason of its last refusal.
    public var rejection: Rejection
    /// Whether it was applied since.
    public var status: Status
    /// The number of times that it was refused, 1 at first.
    public var attempts: Int
    /// The time at which it was set aside.
    public var time: Timestamp

    /// Creates a dead letter.
    public init(id: Int64, rejection: Rejection, status: Status, attempts: Int, time: Timestamp) {
        self.id = id
        self.rejection = rejection
        self.status = status
        self.attempts = attempts
        self.time = time
    }
}

/// The store of rejected records, which can be looked at and taken up again.
public protocol DeadLetterStore: Sendable {
    /// Dead letters after `id` (0 for the first), in order of id.
    func deadLetters(after id: Int64, status: DeadLetter.Status?, limit: Int) async throws -> [DeadLetter]
    /// One dead letter; nil where there is none of that id.
    func deadLetter(id: Int64) async throws -> DeadLetter?
}
