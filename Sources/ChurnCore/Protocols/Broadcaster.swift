/// Announces, at once, what was written.
///
/// A wake-up and a fast path; the update log is the truth.
public protocol Broadcaster: Sendable {
    /// Passes on blocks that are durable. Never waits for a subscriber and never fails.
    func publish(_ blocks: [UpdateBlock])
}
