/// Stops a pipeline whose events nearly all name customers that the store does not have.
///
/// Single unknown customers become dead letters. Where nearly all are unknown, the customers were not imported yet,
/// or the topic is another business's, and a whole topic of dead letters helps no one: the batch is held back until the
/// customers are there.
final class UnknownCustomerBrake: Sendable {
    /// The number of events that are looked back at, and the fewest that say anything.
    private static let window = 1_000
    static let leastEvents = 50

    private struct Counts {
        var events = 0
        var unknown = 0
    }

    private let limit: Double
    private let recent = Locked(Counts())

    /// - Parameter limit: the greatest share of unknown customers that is let through; 1 for any.
    init(limit: Double) { self.limit = limit }

    /// Takes note of a batch.
    ///
    /// - Throws: `customersMissing`, to be tried again, where the share of unknown customers is above the limit.
    func admit(_ unknown: Int, of events: Int) throws {
        let isHeld = self.recent.withLock { recent in
            var counts = Counts(events: recent.events + events, unknown: recent.unknown + unknown)
            if unknown > 0, counts.events >= Self.leastEvents,
                Double(counts.unknown) > self.limit * Double(counts.events)
            {
                return true
            }
            if counts.events > Self.window { counts = Counts(events: counts.events / 2, unknown: counts.unknown / 2) }
            recent = counts
            return false
        }
        guard isHeld else { return }
        throw ChurnError(
            .customersMissing, .retry, during: "look customers up",
            advice: "More than \(Int(self.limit * 100)) % of the last events name customers that the store does not "
                + "have. Import the customers and the pipeline goes on, or raise the limit on unknown customers to have "
                + "such events set aside as dead letters.")
    }
}
