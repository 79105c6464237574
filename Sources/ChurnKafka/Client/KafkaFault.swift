import CRdKafka
import ChurnCore

/// An error code of librdkafka, with what a person can do about it.
struct KafkaFault: Error, Equatable, CustomStringConvertible {
    let code: rd_kafka_resp_err_t
    /// librdkafka's own text, which may name addresses, topics and groups.
    ///
    /// Never shown by `description`.
    let text: String

    init(_ code: rd_kafka_resp_err_t, text: String = "") {
        self.code = code
        self.text = text
    }

    /// Takes librdkafka's error object over; nil where there is none.
    init?(taking error: OpaquePointer?) {
        guard let error else { return nil }
        self.init(rd_kafka_error_code(error), text: String(cString: rd_kafka_error_string(error)))
        rd_kafka_error_destroy(error)
    }

    /// The code's name, from a fixed list: a bounded metric label.
    var description: String { String(cString: rd_kafka_err2name(self.code)) }

    /// The error that a caller sees.
    func churnError(during operation: StaticString) -> ChurnError {
        ChurnError(
            self.code == RD_KAFKA_RESP_ERR__TIMED_OUT ? .timedOut : .sourceUnavailable, .retry, during: operation,
            advice: self.advice, underlying: self)
    }

    /// The remedy to try.
    ///
    /// Authored text.
    var advice: String {
        switch self.code {
        case RD_KAFKA_RESP_ERR__ALL_BROKERS_DOWN, RD_KAFKA_RESP_ERR__TRANSPORT, RD_KAFKA_RESP_ERR__RESOLVE,
            RD_KAFKA_RESP_ERR__TIMED_OUT:
            "no broker answers; check the brokers' addresses and that they are up"
        case RD_KAFKA_RESP_ERR__AUTHENTICATION, RD_KAFKA_RESP_ERR_SASL_AUTHENTICATION_FAILED:
            "a broker refused the credentials; check the sasl settings"
        case RD_KAFKA_RESP_ERR__SSL:
            "the TLS handshake failed; check security.protocol, ssl.ca.location and the broker's certificate"
        case RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART, RD_KAFKA_RESP_ERR__UNKNOWN_TOPIC:
            "the topic does not exist; create it, or correct its name"
        case RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED:
            "the principal may not use the topic; grant it READ and DESCRIBE (WRITE for producers)"
        case RD_KAFKA_RESP_ERR_GROUP_AUTHORIZATION_FAILED:
            "the principal may not use the consumer group; grant it READ on the group"
        case RD_KAFKA_RESP_ERR_FENCED_INSTANCE_ID:
            "another process joined the group with the same group.instance.id; give each process its own"
        case RD_KAFKA_RESP_ERR__BAD_MSG, RD_KAFKA_RESP_ERR_MSG_SIZE_TOO_LARGE:
            "a record is larger than the source may receive; raise its maximum record size"
        case RD_KAFKA_RESP_ERR_INCONSISTENT_GROUP_PROTOCOL:
            "the group's other members use another assignor; all of a group must use the same"
        default:
            "librdkafka reports \(self.description)"
        }
    }
}
