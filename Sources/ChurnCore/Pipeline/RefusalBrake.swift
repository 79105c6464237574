/// Ends the setting aside of events where the store refuses all of them.
///
/// A single event that the store refuses becomes a dead letter. Where the events of many customers are refused one after
/// the other and none is taken, the fault lies with the tables, such as a trigger that fails for every row: the events
/// wait then.
final class RefusalBrake: Sendable {
    /// The number of customers whose events may be refused in a row.
    static let limit = 20

    private let customers = Locked<Set<String>>([])

    /// Takes note that the store took events.
    func wrote() { self.customers.withLock { $0.removeAll(keepingCapacity: true) } }

    /// Takes note that a customer's event was refused.
    func refused(_ customer: String) { self.customers.withLock { _ = $0.insert(customer) } }

    /// Returns whether a customer's event must wait until the store takes it.
    func holds(_ customer: String) -> Bool {
        self.customers.withLock { $0.count >= Self.limit && !$0.contains(customer) }
    }
}
