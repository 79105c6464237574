import ChurnCore

/// One line of a journal: a batch, or a reservation of event numbers.
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

    var reservedThrough: Int64?
    var ranges: [Range]?
    var scores: [Score]?
    var refused: [Refused]?

    init(reservedThrough: Int64) { self.reservedThrough = reservedThrough }

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
