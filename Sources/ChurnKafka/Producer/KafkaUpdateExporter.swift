import ChurnCore
import Logging

/// Copies every update of the log into a topic, at least once and in order within each partition.
///
/// It reads the update log, so nothing is lost whatever crashes; publishing to it only makes it look sooner. A record's
/// value is the frame, its key the customer's id, and the headers name the source's partition, the update's number and
/// the number before, so that a reader can tell repeats and holes.
public final class KafkaUpdateExporter: Broadcaster {
    private let log: any UpdateLog
    private let producer: KafkaProducer
    private let progress: ExportProgress<UpdateCursor>
    private let wakeup = Wakeup()
    private let loop: ExportLoop
    private static let pageSize = 200

    /// Creates an exporter.
    ///
    /// - Parameters:
    ///   - log: what was written.
    ///   - producer: writes into the topic; stays the caller's to close.
    ///   - progress: remembers the cursor. Without one, `run` begins behind what is there.
    ///   - interval: how long an idle exporter waits for a wake-up.
    ///   - health: gets the component `update-export`.
    ///   - logger: gets gaps at `info`.
    public init(
        log: any UpdateLog, producer: KafkaProducer, progress: ExportProgress<UpdateCursor>,
        interval: Duration = .milliseconds(500), health: HealthBoard, logger: Logger
    ) {
        self.log = log
        self.producer = producer
        self.progress = progress
        self.loop = ExportLoop(
            interval: interval, name: "update-export", health: health, logger: logger, wake: self.wakeup)
    }

    /// Looks at the log at once; the blocks themselves are read from there.
    public func publish(_ blocks: [UpdateBlock]) { self.wakeup.wake() }

    /// Exports until the task is cancelled.
    public func run() async throws {
        var cursor: UpdateCursor?
        try await self.loop.run {
            var at: UpdateCursor
            if let known = cursor {
                at = known
            } else if let saved = try await self.progress.load() {
                at = saved
            } else {
                at = try await self.log.end()
                try await self.progress.save(at)
            }
            let page = try await self.log.updates(after: at, limit: Self.pageSize)
            for partition in page.gaps {
                self.loop.logger.info(
                    "updates were deleted before they were exported",
                    metadata: [
                        "churn.topic": "\(partition.stream.name.topic)", "churn.partition": "\(partition.partition)",
                    ])
            }
            let records = Self.records(of: page.blocks, after: &at)
            try await self.producer.send(records)
            if !records.isEmpty { try await self.progress.save(at) }
            cursor = at
            return !page.blocks.isEmpty
        }
    }

    /// The frames that the cursor has not seen, which it has afterwards.
    static func records(of blocks: [UpdateBlock], after cursor: inout UpdateCursor) -> [OutgoingRecord] {
        var records: [OutgoingRecord] = []
        for block in blocks {
            let seen = cursor.seen[block.partition] ?? .min
            var previous = block.previous
            for (index, number) in block.numbers.enumerated() {
                if number > seen {
                    let frame = block.frame(at: index)
                    let partition = "\(block.partition.partition)"
                    records.append(
                        OutgoingRecord(
                            key: CustomerKey.find(in: frame) ?? Array(partition.utf8), value: Array(frame),
                            headers: [
                                RecordHeader(name: "churn-topic", text: block.partition.stream.name.topic),
                                RecordHeader(name: "churn-partition", text: partition),
                                RecordHeader(name: "churn-epoch", text: "\(block.partition.stream.epoch)"),
                                RecordHeader(name: "churn-number", text: "\(number)"),
                                RecordHeader(name: "churn-previous", text: previous.map { "\($0)" } ?? ""),
                            ]))
                }
                previous = number
            }
            if let last = block.numbers.last { cursor.seen[block.partition] = max(seen, last) }
        }
        return records
    }
}

/// Finds a customer's id in a frame without decoding it.
enum CustomerKey {
    private static let name = Array(#""user_id":"#.utf8)

    /// The bytes of the first `user_id` that is plain text; nil where there is none, or where it holds escapes.
    ///
    /// A quote inside of JSON text is always escaped, so the name cannot be found there.
    static func find(in frame: ArraySlice<UInt8>) -> [UInt8]? {
        guard let found = frame.firstRange(of: self.name) else { return nil }
        let rest = frame[found.upperBound...].drop { $0 == UInt8(ascii: " ") }
        guard rest.first == UInt8(ascii: "\"") else { return nil }
        let text = rest.dropFirst().prefix { $0 != UInt8(ascii: "\"") }
        return text.isEmpty || text.contains(UInt8(ascii: "\\")) ? nil : Array(text)
    }
}

extension RecordHeader {
    /// A header of our own, which is text.
    init(name: String, text: String) { self.init(name: name, value: Array(text.utf8)) }
}
