import ChurnCore
import ChurnKafka
import Foundation
import Testing

/// Measures; asserts nothing about speed.
///
/// Run it in a release build with CHURN_BENCH=1.
@Suite(
    "Kafka source's throughput",
    .enabled(
        if: Broker.isPresent && ProcessInfo.processInfo.environment["CHURN_BENCH"] != nil,
        "set CHURN_BENCH=1 and CHURN_TEST_KAFKA_BROKERS to measure"),
    .serialized)
struct SourceThroughputTests {
    @Test("events a second through nextBatch, four partitions, about 150 bytes each", arguments: 1...3)
    func throughput(round: Int) async throws {
        let count = 1_000_000
        try await Broker.withTopic(partitions: 4) { topic in
            for first in stride(from: 0, to: count, by: 50_000) {
                try await Events.produce(
                    (first..<first + 50_000).map { Events.record($0, partition: Int32($0 % 4), padding: 40) }, to: topic
                )
            }
            try await KafkaEventSource.with(.test(topic), positions: StoredPositions()) { source in
                var seen = 0
                let start = ContinuousClock.now
                let cpu = Self.cpuSeconds()
                while seen < count, let batch = try await source.nextBatch() { seen += batch.entries.count }
                let seconds = (ContinuousClock.now - start) / .seconds(1)
                let spent = (Self.cpuSeconds() - cpu) / Double(seen) * 1e6
                // The processor's time includes librdkafka's threads and is what a busy machine leaves comparable.
                print(
                    "round \(round): \(seen) events in \(seconds) s, \(Int(Double(seen) / seconds)) events/s,"
                        + " \(spent) us of processor time an event")
            }
        }
    }

    /// The whole process's time on processors; POSIX fixes the unit at a microsecond.
    private static func cpuSeconds() -> Double { Double(clock()) / 1e6 }
}
