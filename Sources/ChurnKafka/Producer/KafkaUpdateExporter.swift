public import ChurnCore
public import Logging

/// Copies every update of the log into a topic, at least once and in order within each partition.
///
/// Of several processes one exports at a time; another one goes on where it died.
/// It reads the update log, so nothing is lost whatever crashes; publishing to it only makes it look sooner. A record's
/// value is the frame, its key the customer's id, and the headers name the source's partition, the update's number and
/// the number before, so that a reader can detect repeats and holes.
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
    ///   - health: gets the component `update-export`, which is at worst degraded: what waits is not lost.
    ///   - logger: gets gaps at `info`.
    public init(
        log: any UpdateLog, producer: KafkaProducer, progress: ExportProgress<UpdateCursor>,
        interval: Duration = .milliseconds(500), health: HealthBoard, logger: Logger
    ) {
        self.log = log
        self.producer = producer
        self.progress = progress
        self.loop = ExportLoop(
            interval: interval, name: "update-export", health: health, logger: logger, lease: progress.lease,
            wake: self.wakeup)
    }

    /// Looks at the log at once; the blocks themselves are read from there.
    public func publish(_ blocks: [UpdateBlock]) { self.wakeup.wake() }

    /// Exports until the task is cancelled.
    public func run() async throws {
        var cursor: UpdateCursor?
        try await self.loop.run { begins in
            if begins { cursor = nil }
            guard let from = try await self.position(known: cursor) else { return true }
            // Where anything fails, what is stored is asked again.
            cursor = nil
            var at = from
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
            // Where another process has taken over meanwhile, it has exported these too.
            if at == from { cursor = from } else if try await self.progress.move(from, at) { cursor = at }
            return !page.blocks.isEmpty
        }
    }

    /// Returns the cursor at which to go on; nil where another process was faster to begin.
    private func position(known: UpdateCursor?) async throws -> UpdateCursor? {
        if let known { return known }
        if let stored = try await self.progress.load() { return stored }
        let end = try await self.log.end().withoutFinishedEpochs
        return try await self.progress.move(nil, end) ? end : nil
    }

    /// The frames that the cursor has not seen, which it has afterwards.
    static func records(of blocks: [UpdateBlock], after cursor: inout UpdateCursor) -> [OutgoingRecord] {
        var records: [OutgoingRecord] = []
        for block in blocks {
            let seen = cursor.seen[block.partition] ?? .min
            var previous = block.previous
            let partition = "\(block.partition.partition)"
            let updateHeaders = block.readHeaders()
            for (index, number) in block.numbers.enumerated() {
                if number > seen {
                    records.append(
                        OutgoingRecord(
                            key: Array((updateHeaders?[index].customer ?? partition).utf8),
                            value: Array(block.frame(at: index)),
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
            cursor.advance(past: block)
        }
        return records
    }
}

extension RecordHeader {
    /// A header of our own, which is text.
    init(name: String, text: String) { self.init(name: name, value: Array(text.utf8)) }
}
