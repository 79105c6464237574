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
        for event in events {
            guard let prediction = event.prediction else { continue }
            self.byPartition[event.event.position.partition, default: Sum()].add(prediction)
        }
    }
}

extension BlockSums.Sum {
    fileprivate mutating func add(_ prediction: Prediction) {
        self.customers.insert(prediction.customerID)
        self.probabilities += prediction.probability
        self.scores += 1
    }
}
