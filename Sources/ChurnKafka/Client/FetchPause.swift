import CRdKafka
import ChurnCore
import Foundation

/// Keeps an answer without records for a moment, where the broker did not.
///
/// A fetch allows the broker to keep an answer that would be empty (`fetch.wait.max.ms`), and Apache Kafka does. Some
/// brokers that speak its protocol answer at once; librdkafka then asks again at once, and both sides spend most of a
/// core on nothing. librdkafka 2 has no setting for it, so the pause is made where it tells of an answer: for less time
/// than the broker had been given, and only where the broker's thread of librdkafka would wait anyway.
///
/// Other requests to the same broker wait with it, ``length`` at most; those to the group's coordinator have a
/// connection of their own.
final class FetchPause: Sendable {
    /// The least time from a question that was answered with nothing to the next one.
    static let length = Duration.microseconds(500)

    private let topicBytes: Int
    private let partitions = Locked(0)

    init(topic: String) { self.topicBytes = topic.utf8.count }

    /// How many partitions a fetch asks for at most.
    func expect(partitions: Int) { self.partitions.withLock { $0 = partitions } }

    /// Changes how many partitions a fetch asks for.
    func expect(more change: Int) { self.partitions.withLock { $0 = max(0, $0 + change) } }

    /// How long to keep an answer.
    ///
    /// - Parameters:
    ///   - bytes: its size. It is taken as empty where not even one record batch, which has 61 bytes of header, would
    ///     have room beside the fields of all partitions (42 bytes each in version 11 of the protocol's Fetch, the
    ///     newest that librdkafka 2.0 uses). A partition that another broker leads makes a small answer look empty:
    ///     it is then late by the pause.
    ///   - roundTrip: the time from the question to the answer.
    func rest(bytes: Int, roundTrip: Duration) -> Duration {
        let partitions = self.partitions.withLock { $0 }
        let isEmpty = bytes < 28 + self.topicBytes + 42 * partitions + 61
        return isEmpty && roundTrip >= .zero ? max(.zero, Self.length - roundTrip) : .zero
    }

    /// Has clients that are made with this configuration pause; this must outlive them.
    func install(in configuration: OpaquePointer) {
        rd_kafka_conf_interceptor_add_on_new(
            configuration, Self.name,
            { client, _, opaque, _, _ in
                rd_kafka_interceptor_add_on_response_received(
                    client, FetchPause.name,
                    { _, _, _, _, request, _, _, size, roundTrip, fault, opaque in
                        if request == FetchPause.fetch, fault == RD_KAFKA_RESP_ERR_NO_ERROR, let opaque {
                            let pause = Unmanaged<FetchPause>.fromOpaque(opaque).takeUnretainedValue()
                            let rest = pause.rest(bytes: size, roundTrip: .microseconds(roundTrip))
                            if rest > .zero { usleep(UInt32(rest / .microseconds(1))) }
                        }
                        return RD_KAFKA_RESP_ERR_NO_ERROR
                    }, opaque)
            }, Unmanaged.passUnretained(self).toOpaque())
    }

    private static let name = "churn-fetch-pause"
    /// The number of Fetch among the protocol's requests.
    private static let fetch: Int16 = 1
}
