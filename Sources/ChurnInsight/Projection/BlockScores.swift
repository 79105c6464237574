package import ChurnCore

/// The scores that a projection needs of the updates that a batch made in one partition.
package struct BlockScores: Sendable {
    /// The customers that were scored.
    package private(set) var customers: Set<CustomerKey> = []
    /// The sum of the scores.
    package private(set) var sum = 0.0
    /// The number of scores.
    package private(set) var count = 0

    package init() {}

    /// The scores of a batch's events by partition.
    package static func byPartition(_ events: [ScoredEvent]) -> [StreamPartition: BlockScores] {
        var all: [StreamPartition: BlockScores] = [:]
        // By their indices: an event is expensive to copy.
        for index in events.indices {
            guard let probability = events[index].prediction?.probability else { continue }
            all[events[index].event.position.partition, default: BlockScores()].add(
                probability, of: events[index].event.customerID)
        }
        return all
    }

    private mutating func add(_ probability: Double, of customer: String) {
        self.customers.insert(CustomerKey(customer))
        self.sum += probability
        self.count += 1
    }
}
