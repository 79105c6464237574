public import ChurnCore
public import Logging

/// Copies dead letters into a topic, at least once: the original key, value and headers, with the reason and the
/// position as further headers.
///
/// A value that the topic refuses for its size is left out, and its size named.
///
/// Stores number dead letters before they commit them, so a smaller number can appear after a larger one. The forwarder
/// therefore looks again at everything younger than its settling time, and remembers what of it was sent; progress that
/// is saved never passes a letter that might still come.
public struct DeadLetterForwarder: Sendable {
    private let store: any DeadLetterStore
    private let producer: KafkaProducer
    private let progress: ExportProgress<Int64>
    private let settling: Duration
    private let loop: ExportLoop
    private let now: @Sendable () -> Timestamp
    private static let pageSize = 500

    /// Creates a forwarder.
    ///
    /// - Parameters:
    ///   - store: the dead letters.
    ///   - producer: writes into the topic; stays the caller's to close.
    ///   - progress: remembers the number up to which all were sent.
    ///   - settling: longer than any transaction that writes dead letters.
    ///   - interval: how often the store is looked at.
    ///   - now: the time, by the store's clock.
    ///   - health: gets the component `dead-letter-export`, which is at worst degraded: what waits is not lost.
    ///   - logger: gets failures at `debug`.
    public init(
        store: any DeadLetterStore, producer: KafkaProducer, progress: ExportProgress<Int64>,
        settling: Duration = .seconds(60), interval: Duration = .seconds(1), now: @escaping @Sendable () -> Timestamp,
        health: HealthBoard, logger: Logger
    ) {
        self.store = store
        self.producer = producer
        self.progress = progress
        self.settling = settling
        self.now = now
        self.loop = ExportLoop(
            interval: interval, name: "dead-letter-export", health: health, logger: logger, lease: progress.lease)
    }

    /// Forwards until the task is cancelled.
    public func run() async throws {
        // What is stored, once it was asked for.
        var known: Int64??
        var sent: Set<Int64> = []
        try await self.loop.run { begins in
            if begins { known = nil }
            let settled: Int64?
            if let known {
                settled = known
            } else {
                settled = try await self.progress.load()
                known = .some(settled)
                sent = []
            }
            var floor = settled ?? 0
            let settledBefore = self.now().advanced(by: .zero - self.settling)
            var after = floor
            var hadWork = false
            var mayRise = true
            while true {
                let page = try await self.store.deadLetters(after: after, status: nil, limit: Self.pageSize)
                let fresh = page.filter { !sent.contains($0.id) }
                try await self.send(fresh)
                sent.formUnion(fresh.map(\.id))
                hadWork = hadWork || !fresh.isEmpty
                for letter in page where mayRise {
                    if letter.time < settledBefore { floor = letter.id } else { mayRise = false }
                }
                guard page.count == Self.pageSize, let last = page.last else { break }
                after = last.id
            }
            if floor != settled {
                // Where another process has taken over meanwhile, it knows better.
                known = try await self.progress.move(settled, floor) ? .some(floor) : nil
                sent = sent.filter { $0 > floor }
            }
            return hadWork
        }
    }

    /// Sends letters; a value that the topic does not accept for its size is left out, so that it stops no other.
    private func send(_ letters: [DeadLetter]) async throws {
        do {
            try await self.producer.send(letters.map(Self.record))
        } catch  where error.failureDisposition == .reject {
            for letter in letters {
                var record = Self.record(of: letter)
                do {
                    try await self.producer.send([record])
                } catch  where error.failureDisposition == .reject {
                    record.headers.append(
                        RecordHeader(name: "churn-omitted-bytes", text: "\(record.value?.count ?? 0)"))
                    record.value = nil
                    try await self.producer.send([record])
                }
            }
        }
    }

    /// A dead letter as it goes into the topic.
    ///
    /// A refusal changes no byte of the record.
    static func record(of letter: DeadLetter) -> OutgoingRecord {
        let (rejection, position) = (letter.rejection, letter.rejection.record.position)
        let stream = position.partition.stream
        return OutgoingRecord(
            key: rejection.record.key, value: rejection.record.value,
            headers: rejection.record.headers + [
                RecordHeader(name: "churn-code", text: rejection.code.rawValue),
                RecordHeader(name: "churn-reason", text: rejection.reason),
                RecordHeader(name: "churn-dead-letter", text: "\(letter.id)"),
                RecordHeader(name: "churn-cluster", text: stream.name.cluster),
                RecordHeader(name: "churn-topic", text: stream.name.topic),
                RecordHeader(name: "churn-epoch", text: "\(stream.epoch)"),
                RecordHeader(name: "churn-partition", text: "\(position.partition.partition)"),
                RecordHeader(name: "churn-offset", text: "\(position.offset)"),
            ])
    }
}
