import ChurnCore

/// What a projection has to know of the updates of a batch, by partition.
struct BlockSums {
    struct Sum {
        var customers: Set<String> = []
        var probabilities = 0.0
        var scores: Int64 = 0
    }

    private(set) var byPartition: [StreamPartition: Sum] = [:]

    init(of events: [ScoredEvent]) {
        // By their indices: an event is dear to copy.
        for index in events.indices {
            guard let probability = events[index].prediction?.probability else { continue }
            let partition = events[index].event.position.partition
            self.byPartition[partition, default: Sum()].add(probability, of: events[index].event.customerID)
        }
    }
}

extension BlockSums.Sum {
    fileprivate mutating func add(_ probability: Double, of customer: String) {
        self.customers.insert(customer)
        self.probabilities += probability
        self.scores += 1
    }
}
