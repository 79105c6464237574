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
        for index in events.indices where events[index].prediction != nil {
            self.byPartition[events[index].event.position.partition, default: Sum()].add(events[index])
        }
    }
}

extension BlockSums.Sum {
    fileprivate mutating func add(_ event: ScoredEvent) {
        guard let probability = event.prediction?.probability else { return }
        self.customers.insert(event.event.customerID)
        self.probabilities += probability
        self.scores += 1
    }
}
