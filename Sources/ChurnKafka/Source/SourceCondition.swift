import CRdKafka
import ChurnCore

/// How a source is doing, from what it has seen.
struct SourceCondition: Equatable {
    /// Whether partitions were handed out once, or found to be none.
    var hasStarted = false
    /// Partitions that cannot go on, each with the reason.
    var stopped: [Int32: String] = [:]
    /// What stands in the way of all partitions.
    private(set) var fault: KafkaFault?

    /// What `/health/ready` shows.
    var health: ComponentHealth {
        if !self.stopped.isEmpty {
            let reasons = self.stopped.sorted { $0.key < $1.key }.map(\.value).joined(separator: "; ")
            return .failing(reason: reasons, advice: Self.resetAdvice)
        }
        if let fault { return .failing(reason: "Kafka reports \(fault)", advice: fault.advice) }
        return self.hasStarted ? .healthy : .starting
    }

    static let resetAdvice =
        "look at the positions with `churnd offsets show`, then choose one with `churnd offsets reset`"

    /// Notes an error of the client.
    ///
    /// Returns whether it is one that the caller of the source should hear of.
    mutating func note(_ fault: KafkaFault) -> Bool {
        // One connection of several, or a rebalance that goes on by itself.
        guard Self.mattersAlone.contains(fault.code.rawValue) || Self.lasting.contains(fault.code.rawValue) else {
            return false
        }
        // What keeps failing after every new connection is not hidden by the connections between.
        if let current = self.fault, Self.lasting.contains(current.code.rawValue),
            !Self.lasting.contains(fault.code.rawValue)
        {
            return true
        }
        self.fault = fault
        return true
    }

    /// A broker is connected.
    mutating func noteConnection() {
        if let fault, !Self.lasting.contains(fault.code.rawValue) { self.fault = nil }
    }

    /// Records or partitions arrived.
    mutating func noteProgress() { self.fault = nil }

    /// Errors that a connection alone does not end.
    private static let lasting: Set<Int32> = Set(
        [
            RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART, RD_KAFKA_RESP_ERR__UNKNOWN_TOPIC,
            RD_KAFKA_RESP_ERR__UNKNOWN_PARTITION, RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED,
            RD_KAFKA_RESP_ERR_GROUP_AUTHORIZATION_FAILED, RD_KAFKA_RESP_ERR_INCONSISTENT_GROUP_PROTOCOL,
            RD_KAFKA_RESP_ERR__BAD_MSG, RD_KAFKA_RESP_ERR_MSG_SIZE_TOO_LARGE, RD_KAFKA_RESP_ERR_TOPIC_EXCEPTION,
        ].map(\.rawValue))

    private static let mattersAlone: Set<Int32> = Set(
        [
            RD_KAFKA_RESP_ERR__ALL_BROKERS_DOWN, RD_KAFKA_RESP_ERR__AUTHENTICATION, RD_KAFKA_RESP_ERR__SSL,
            RD_KAFKA_RESP_ERR__RESOLVE, RD_KAFKA_RESP_ERR__TIMED_OUT, RD_KAFKA_RESP_ERR_SASL_AUTHENTICATION_FAILED,
        ].map(\.rawValue))
}
