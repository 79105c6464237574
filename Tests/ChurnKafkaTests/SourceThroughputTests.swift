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

    @Test(
        "from the producer's call to nextBatch at 1,000 events a second, four partitions",
        arguments: ["librdkafka's mock cluster, which keeps an empty answer", "the broker of the environment"])
    func latency(of broker: String) async throws {
        if broker.hasPrefix("librdkafka") {
            let cluster = try MockCluster()
            cluster.createTopic("events", partitions: 4)
            try await self.measure(broker, "events", cluster.connection, cluster.connection)
        } else {
            try await Broker.withTopic(partitions: 4) { topic in
                try await self.measure(broker, topic, Broker.connection, Broker.plain)
            }
        }
    }

    private func measure(
        _ broker: String, _ topic: String, _ connection: KafkaConnection, _ plain: KafkaConnection
    ) async throws {
        let count = 10_000
        var output = KafkaProducer.Configuration(connection: plain, topic: topic)
        output.linger = .zero
        let producer = try KafkaProducer(output, logger: LogBook().logger)
        let sent = Locked([ContinuousClock.Instant](repeating: .now, count: count))
        try await KafkaEventSource.with(.test(topic, connection: connection), positions: StoredPositions()) { source in
            async let sending: Void = withThrowingTaskGroup(of: Void.self) { group in
                let start = ContinuousClock.now + .milliseconds(500)
                for number in 0..<count {
                    try await Task.sleep(until: start + .milliseconds(number))
                    sent.withLock { $0[number] = .now }
                    group.addTask { try await producer.send([Events.record(number, partition: Int32(number % 4))]) }
                }
                try await group.waitForAll()
            }
            let cpu = Self.cpuSeconds()
            var waits: [Double] = []
            while waits.count < count, let batch = try await source.nextBatch() {
                let now = ContinuousClock.now
                for entry in batch.entries {
                    guard let number = entry.event.sourceEventID.flatMap({ Int($0.dropFirst()) }) else { continue }
                    waits.append((now - sent.withLock { $0[number] }) / .milliseconds(1))
                }
            }
            try await sending
            waits = waits.dropFirst(count / 10).sorted()
            let share = { (part: Double) in waits[Int(Double(waits.count - 1) * part)] }
            print(
                "\(broker): p50 \(share(0.5)) ms, p99 \(share(0.99)) ms, \(Self.cpuSeconds() - cpu) s of processor time"
            )
        }
        await producer.close()
    }

    /// The whole process's time on processors; POSIX fixes the unit at a microsecond.
    private static func cpuSeconds() -> Double { Double(clock()) / 1e6 }
}
