import ChurnCore
import Testing

@testable import ChurnKafka

@Suite(
    "Kafka source under records with large headers", .enabled(if: Broker.isPresent, "\(Broker.absent)"),
    .timeLimit(.minutes(3)))
struct KafkaFloodTests {
    private static let count = 20_000
    private static let headerBytes = 5_000
    private static let limit = 4 << 20

    /// A source's thread, whose handle a test looks at; librdkafka's queue lengths may be read from any thread.
    private struct Looked: @unchecked Sendable { let loop: ConsumerLoop }

    @Test("neither the prefetch nor a batch nor librdkafka's queue holds more than its bytes, and all is delivered")
    func floods() async throws {
        try await Broker.withTopic(partitions: 2) { topic in
            let header = RecordHeader(name: "trace", value: Array(repeating: 7, count: Self.headerBytes))
            for first in stride(from: 0, to: Self.count, by: 2_000) {
                try await Events.produce(
                    (first..<first + 2_000).map { number in
                        var record = Events.record(number, partition: Int32(number % 2))
                        record.headers = [header]
                        return record
                    }, to: topic)
            }
            var configuration = KafkaSourceConfiguration.test(topic)
            configuration.maximumPrefetchedBytes = Self.limit
            configuration.maximumBatchBytes = 1 << 20
            let shared = ConsumerLoop.Shared(
                configuration: configuration, decoder: EventDecoder(domain: .telco),
                prefetch: Prefetch(
                    PrefetchQueue.Limits(
                        batchSize: configuration.batchSize, batchBytes: configuration.maximumBatchBytes,
                        linger: .zero, records: configuration.maximumPrefetchedRecords, bytes: Self.limit)),
                health: HealthBoard(), logger: LogBook().logger)
            let looked = Looked(loop: try ConsumerLoop(shared))
            let ended = Completion()
            NamedThread.start("churn-kafka") {
                looked.loop.run()
                ended.fulfil()
            }
            // All in records.
            var found = (all: 0, prefetch: 0, batch: 0, queue: 0)
            let positions = StoredPositions()
            let start = ContinuousClock.now
            while found.all < Self.count, ContinuousClock.now < start + .seconds(120) {
                found.prefetch = max(found.prefetch, shared.prefetch.size.records)
                found.queue = max(found.queue, looked.loop.handle.queuedRecords)
                // Nothing is taken at first, so that everything fills.
                let isFilling = shared.prefetch.size.records > 0 && ContinuousClock.now < start + .seconds(4)
                switch isFilling ? .nothing : shared.prefetch.take() {
                case .question(let question):
                    guard let name = shared.name.withLock({ $0 }) else { continue }
                    let answer =
                        switch question.kind {
                        case .positions(let numbers): try await positions.positions(of: name, partitions: numbers)
                        case .pin(let starts, let stream, let count):
                            try await positions.pin(starts, of: stream, partitionCount: count)
                        }
                    shared.prefetch.withdraw(question.id)
                    shared.mailbox.post(.answer(question.id, answer))
                case .batch(let batch):
                    found.all += batch.entries.count
                    found.batch = max(found.batch, batch.entries.count)
                default: try await Task.sleep(for: .milliseconds(2))
                }
            }
            shared.mailbox.post(.stop)
            await ended.wait()
            print("flood: \(found) records of \(Self.headerBytes) bytes and more")
            #expect(found.all == Self.count)
            #expect((found.prefetch - 1) * Self.headerBytes <= Self.limit)
            #expect((found.batch - 1) * Self.headerBytes <= 1 << 20)
            // Beyond the bound, what is on its way: one answer that comes, one that was asked for.
            #expect(found.queue * Self.headerBytes < Self.limit + 2 * (16 << 20))
        }
    }
}
