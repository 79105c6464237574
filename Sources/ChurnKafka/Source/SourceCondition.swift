import CRdKafka
import ChurnCore

/// The condition of a source, from what it has seen; each recovery takes back what its fault said.
struct SourceCondition: Equatable {
    /// Whether partitions were handed out once, or found to be none.
    var hasStarted = false
    /// Partitions that cannot go on, each with the reason.
    var stopped: [Int32: String] = [:]
    /// The reason why the topic could not be looked up the last time.
    private(set) var topicFault: KafkaFault?
    /// The fault that stands in the way of all partitions otherwise.
    private(set) var fault: KafkaFault?

    /// The health that `/health/ready` shows.
    var health: ComponentHealth {
        if !self.stopped.isEmpty {
            let reasons = self.stopped.sorted { $0.key < $1.key }.map(\.value).joined(separator: "; ")
            return .failing(reason: reasons, advice: Self.resetAdvice)
        }
        if let fault = self.topicFault ?? self.fault {
            return .failing(reason: "Kafka reports \(fault)", advice: fault.advice)
        }
        return self.hasStarted ? .healthy : .starting
    }

    /// The kind of failure, where its advice is more than Kafka's own.
    var code: ChurnError.Code? { self.stopped.isEmpty ? nil : .positionOutsideLog }

    static let resetAdvice = "look at the stored positions, then choose where to go on and reset them"

    /// Notes an error of the client, unless it is one connection of several, or a rebalance that goes on by itself.
    mutating func note(_ fault: KafkaFault) {
        let isLasting = Self.lasting.contains(fault.code.rawValue)
        guard isLasting || Self.mattersAlone.contains(fault.code.rawValue) else { return }
        // What keeps failing after every new connection is not hidden by the connections between.
        if !isLasting, self.hasLastingFault { return }
        self.fault = fault
    }

    /// Whether only a look at the topic shows that it is well again.
    var hasTopicFault: Bool {
        self.topicFault != nil || self.fault.map { Self.ofTopic.contains($0.code.rawValue) } ?? false
    }

    /// Whether a fault is one of the topic, or of who may read it.
    static func isOfTopic(_ fault: KafkaFault) -> Bool {
        self.ofTopic.contains(fault.code.rawValue) || fault.code == RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED
    }

    /// The topic was looked up, or could not be.
    mutating func noteTopic(_ fault: KafkaFault?) {
        self.topicFault = fault
        if fault == nil, self.hasTopicFault { self.fault = nil }
    }

    /// A broker is connected.
    mutating func noteConnection() { if !self.hasLastingFault { self.fault = nil } }

    /// The group gave out partitions.
    mutating func noteAssignment() { (self.hasStarted, self.fault) = (true, nil) }

    /// Records arrived.
    mutating func noteProgress() { (self.topicFault, self.fault) = (nil, nil) }

    private var hasLastingFault: Bool { self.fault.map { Self.lasting.contains($0.code.rawValue) } ?? false }

    private static let ofTopic: Set<Int32> = Set(
        [
            RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART, RD_KAFKA_RESP_ERR__UNKNOWN_TOPIC,
            RD_KAFKA_RESP_ERR__UNKNOWN_PARTITION, RD_KAFKA_RESP_ERR_TOPIC_EXCEPTION,
        ].map(\.rawValue))

    /// Errors that a connection alone does not end.
    private static let lasting = Self.ofTopic.union(
        [
            RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED, RD_KAFKA_RESP_ERR_GROUP_AUTHORIZATION_FAILED,
            RD_KAFKA_RESP_ERR_INCONSISTENT_GROUP_PROTOCOL, RD_KAFKA_RESP_ERR__BAD_MSG,
            RD_KAFKA_RESP_ERR_MSG_SIZE_TOO_LARGE,
        ].map(\.rawValue))

    private static let mattersAlone: Set<Int32> = Set(
        [
            RD_KAFKA_RESP_ERR__ALL_BROKERS_DOWN, RD_KAFKA_RESP_ERR__AUTHENTICATION, RD_KAFKA_RESP_ERR__SSL,
            RD_KAFKA_RESP_ERR__RESOLVE, RD_KAFKA_RESP_ERR__TIMED_OUT, RD_KAFKA_RESP_ERR_SASL_AUTHENTICATION_FAILED,
        ].map(\.rawValue))
}
