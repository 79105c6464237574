import ChurnCore

/// One line of a journal: a batch, first positions, or a reservation of event numbers.
struct JournalEntry: Codable {
    struct Range: Codable {
        var cluster: String
        var topic: String
        var partition: Int32
        var to: Int64
        var lastUpdate: Int64?
    }

    struct Score: Codable {
        var eventID: Int64
        var customer: String
        var probability: Double?
        var model: String?
    }

    struct Refused: Codable {
        var offset: Int64
        var code: String
        var reason: String
    }

    struct Count: Codable {
        var cluster: String
        var topic: String
        var partitions: Int
    }

    var reservedThrough: Int64?
    var counted: Count?
    var ranges: [Range]?
    var scores: [Score]?
    var refused: [Refused]?

    init(reservedThrough: Int64) { self.reservedThrough = reservedThrough }

    init(pinned starts: [Int32: Int64], of stream: StreamName, partitionCount: Int?) {
        self.ranges = starts.sorted { $0.key < $1.key }.map { number, start in
            Range(cluster: stream.cluster, topic: stream.topic, partition: number, to: start, lastUpdate: nil)
        }
        self.counted = partitionCount.map { Count(cluster: stream.cluster, topic: stream.topic, partitions: $0) }
    }

    init(_ batch: ScoredBatch) {
        self.ranges = batch.ranges.map { range in
            Range(
                cluster: range.partition.stream.name.cluster, topic: range.partition.stream.name.topic,
                partition: range.partition.partition, to: range.to,
                lastUpdate: batch.updates.first { $0.partition == range.partition }?.numbers.last)
        }
        self.scores = batch.events.map { scored in
            Score(
                eventID: scored.eventID, customer: scored.event.customerID,
                probability: scored.prediction?.probability, model: scored.prediction?.model.version)
        }
        self.refused = batch.rejections.map { rejection in
            Refused(
                offset: rejection.record.position.offset, code: rejection.code.rawValue, reason: rejection.reason)
        }
    }
}
