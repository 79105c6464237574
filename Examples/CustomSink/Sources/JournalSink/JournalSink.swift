import ChurnCore
import Foundation

/// A sink that keeps scores in one file, a line of JSON for each batch.
///
/// The line is the transaction: it holds the batch's scores and the progress they make, and it counts only once its
/// line feed is there. So a crash leaves either the whole batch or, after ``init(path:)`` has cut off the torn line,
/// nothing of it. One process at a time may write to a file.
///
/// The disk is waited for on Swift's cooperative threads, which is good enough for an example; a sink under load gives
/// its actor an executor of its own.
public actor JournalSink: PredictionSink {
    private let file: FileHandle
    private var progress = Progress()

    /// Opens a journal, or begins one, and reads where its partitions stand.
    public init(path: String) throws {
        if !FileManager.default.fileExists(atPath: path) {
            guard FileManager.default.createFile(atPath: path, contents: nil) else {
                throw Self.failure("open a journal", advice: "the file \(path) cannot be made")
            }
        }
        do {
            self.file = try FileHandle(forUpdating: URL(fileURLWithPath: path))
            let bytes = try self.file.readToEnd() ?? Data()
            let whole = bytes.lastIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? 0
            try self.file.truncate(atOffset: UInt64(whole))
            try self.file.seek(toOffset: UInt64(whole))
            for line in bytes.prefix(whole).split(separator: UInt8(ascii: "\n")) {
                self.progress.advance(try JSONDecoder().decode(JournalEntry.self, from: Data(line)))
            }
        } catch {
            throw Self.failure("open a journal", advice: "the file \(path) cannot be read", underlying: error)
        }
    }

    /// Returns the positions of the partitions.
    public func positions(of stream: StreamName, partitions: [Int32]) -> StreamPositions {
        let identity = StreamIdentity(name: stream)
        let stored = partitions.compactMap { number in
            self.progress.stored[StreamPartition(stream: identity, partition: number)].map { (number, $0) }
        }
        return StreamPositions(
            stream: identity, stored: Dictionary(stored, uniquingKeysWith: { first, _ in first }),
            partitionCount: self.progress.partitionCounts[stream])
    }

    /// Stores first positions as a line of their own; those that are known are left out of it.
    public func pin(_ starts: [Int32: Int64], of stream: StreamIdentity, partitionCount: Int?) throws -> StreamPositions
    {
        let fresh = starts.filter { number, _ in
            self.progress.stored[StreamPartition(stream: stream, partition: number)] == nil
        }
        let isNews = !fresh.isEmpty || (partitionCount != nil && self.progress.partitionCounts[stream.name] == nil)
        if stream.epoch == 0, isNews {
            try self.append(JournalEntry(pinned: fresh, of: stream.name, partitionCount: partitionCount))
        }
        return self.positions(of: stream.name, partitions: Array(starts.keys))
    }

    /// Reserves numbers; they are made durable first, so that a restart gives none of them again.
    public func reserveEventIDs(_ count: Int) throws -> Int64 {
        let first = self.progress.nextEventID
        try self.append(JournalEntry(reservedThrough: first + Int64(count)))
        return first
    }

    /// Writes a batch as one line, unless one of its partitions stands elsewhere than the batch believes.
    public func write(_ batch: ScoredBatch) throws -> WriteOutcome {
        let fenced = self.progress.refusals(of: batch).map { ($0, self.progress.stored[$0]) }
        guard fenced.isEmpty else { return .fenced(Dictionary(fenced, uniquingKeysWith: { first, _ in first })) }
        try self.append(JournalEntry(batch))
        return .written
    }

    private func append(_ entry: JournalEntry) throws {
        let start = try self.file.offset()
        do {
            try self.file.write(contentsOf: JSONEncoder().encode(entry) + [UInt8(ascii: "\n")])
            try self.file.synchronize()
        } catch {
            // Half a line would spoil the next one.
            try? self.file.truncate(atOffset: start)
            try? self.file.seek(toOffset: start)
            throw Self.failure("write to a journal", advice: "look at the disk", underlying: error)
        }
        self.progress.advance(entry)
    }

    private static func failure(
        _ operation: StaticString, advice: String, underlying: (any Error)? = nil
    ) -> ChurnError {
        // The pipeline repeats what a disk refuses now, for as long as it takes.
        ChurnError(.storeUnavailable, .retry, during: operation, advice: advice, underlying: underlying)
    }
}
