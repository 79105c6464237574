public import ChurnCore

/// A fresh, empty stream for one check, and sources that read it.
public struct EventSourceUnderTest: Sendable {
    /// A source at work, with what is kept for it by its sink.
    public typealias Use = @Sendable (any EventSource) async throws -> Void

    /// The stream's name.
    public var stream: StreamName
    /// The partitions that a source reads, at least two.
    public var partitions: [Int32]
    /// The customer base of the events.
    public var domain: Domain
    /// Makes a source, hands it to its argument, and takes it down.
    ///
    /// The source is of the same group each time, reads all partitions, is not yet started, and begins at the beginning
    /// where neither sink nor transport know a position. Called several times.
    public var withSource: @Sendable (_ use: Use) async throws -> Void
    /// Appends a record and returns its offset once it can be read.
    public var append: @Sendable (_ partition: Int32, _ key: [UInt8]?, _ value: [UInt8]?) async throws -> Int64
    /// Ends the stream; nil where streams have no end.
    public var finish: (@Sendable () async throws -> Void)?

    /// Creates a subject for the checks.
    public init(
        stream: StreamName, partitions: [Int32], domain: Domain,
        withSource: @escaping @Sendable (_ use: Use) async throws -> Void,
        append: @escaping @Sendable (_ partition: Int32, _ key: [UInt8]?, _ value: [UInt8]?) async throws -> Int64,
        finish: (@Sendable () async throws -> Void)? = nil
    ) {
        self.stream = stream
        self.partitions = partitions
        self.domain = domain
        self.withSource = withSource
        self.append = append
        self.finish = finish
    }

    /// Appends an event of a customer.
    func appendEvent(_ customer: String, _ partition: Int32, keyed: Bool = true) async throws -> Int64 {
        let json = "{\"event_type\": \"contract_upgrade\", \"user_id\": \"\(customer)\", \"timestamp\": 1700000000.25}"
        return try await self.append(partition, keyed ? Array(customer.utf8) : nil, Array(json.utf8))
    }

    /// Appends events to every partition and returns their customers by partition, in order.
    func appendEvents(_ count: Int, prefix: String = "c") async throws -> [Int32: [String]] {
        var customers: [Int32: [String]] = [:]
        for index in 0..<count {
            for partition in self.partitions {
                let customer = "\(prefix)\(partition)-\(index)"
                _ = try await self.appendEvent(customer, partition)
                customers[partition, default: []].append(customer)
            }
        }
        return customers
    }
}

/// The positions that a sink would hold, for checks of sources.
final class PositionTable: PositionStore {
    private let held: Locked<StreamPositions>
    /// The positions that another process pins between the source's question and its own pin.
    private let rivals: [Int32: Int64]

    init(
        _ stream: StreamIdentity, stored: [Int32: Int64] = [:], partitionCount: Int? = nil,
        rivals: [Int32: Int64] = [:]
    ) {
        self.held = Locked(
            StreamPositions(
                stream: stream, stored: stored.mapValues { StoredPosition(nextOffset: $0) },
                partitionCount: partitionCount))
        self.rivals = rivals
    }

    func positions(of stream: StreamName, partitions: [Int32]) async throws -> StreamPositions {
        self.held.withLock { held in
            guard held.stream.name == stream else {
                return StreamPositions(stream: StreamIdentity(name: stream), stored: [:])
            }
            return Self.answer(held, partitions)
        }
    }

    func pin(
        _ starts: [Int32: Int64], of stream: StreamIdentity, partitionCount: Int?
    ) async throws -> StreamPositions {
        let rivals = self.rivals
        return self.held.withLock { held in
            guard held.stream == stream else { return Self.answer(held, starts.keys) }
            for (number, start) in starts where held.stored[number] == nil {
                held.stored[number] = StoredPosition(nextOffset: rivals[number] ?? start)
            }
            held.partitionCount = held.partitionCount ?? partitionCount
            return Self.answer(held, starts.keys)
        }
    }

    /// The partitions with a stored position.
    var pinned: Set<Int32> { self.held.withLock { Set($0.stored.keys) } }

    /// The number of partitions that the source reported.
    var partitionCount: Int? { self.held.withLock { $0.partitionCount } }

    private static func answer(_ held: StreamPositions, _ partitions: some Sequence<Int32>) -> StreamPositions {
        let asked = Set(partitions)
        var answer = held
        answer.stored = held.stored.filter { asked.contains($0.key) }
        return answer
    }

    func set(_ partition: Int32, _ offset: Int64) {
        self.held.withLock { $0.stored[partition] = StoredPosition(nextOffset: offset) }
    }
}

/// A check's readings from a source so far, and the faults in them.
struct SourceReadings: Sendable {
    var entries: [Int32: [EventBatch.Entry]] = [:]
    var rejections: [Int32: [Rejection]] = [:]
    /// The end of the last range of each partition.
    var ends: [Int32: Int64] = [:]
    var batches: [EventBatch] = []

    var count: Int { self.offsets.values.reduce(0) { $0 + $1.count } }
    func customers(_ partition: Int32) -> [String] { self.entries[partition]?.map(\.event.customerID) ?? [] }

    /// The offsets of events and rejections.
    var offsets: [Int32: [Int64]] {
        self.entries.mapValues { $0.map(\.event.position.offset) }
            .merging(self.rejections.mapValues { $0.map(\.record.position.offset) }) { $0 + $1 }
            .mapValues { $0.sorted() }
    }

    /// Pulls batches until this many events and rejections have come, checking each batch by itself.
    mutating func pull(
        _ count: Int, from source: any EventSource, stream: StreamIdentity, _ findings: ContractFindings
    ) async throws {
        while self.count < count {
            guard let batch = try await source.nextBatch() else {
                return findings.expect(false, "the source ended after \(self.count) of \(count) records")
            }
            self.take(batch, stream: stream, findings)
        }
    }

    mutating func take(_ batch: EventBatch, stream: StreamIdentity, _ findings: ContractFindings) {
        self.batches.append(batch)
        let partitions = batch.ranges.map(\.partition)
        findings.expectEqual(Set(partitions).count, partitions.count, "the number of partitions with a range")
        findings.expect(partitions.allSatisfy { $0.stream == stream }, "a range is of another stream than \(stream)")
        for range in batch.ranges {
            findings.expect(range.from < range.to, "the range [\(range.from), \(range.to)) covers nothing")
            if let end = self.ends[range.partition.partition] {
                findings.expectEqual(range.from, end, "the beginning of the range after one that ends at \(end)")
            }
            self.ends[range.partition.partition] = range.to
        }
        let ranges = Dictionary(batch.ranges.map { ($0.partition, $0) }, uniquingKeysWith: { first, _ in first })
        for entry in batch.entries {
            let position = entry.event.position
            findings.expect(ranges.cover(position), "the event at \(position.offset) is outside the ranges")
            self.entries[position.partition.partition, default: []].append(entry)
        }
        for rejection in batch.rejections {
            let position = rejection.record.position
            findings.expect(ranges.cover(position), "the rejection at \(position.offset) is outside the ranges")
            self.rejections[position.partition.partition, default: []].append(rejection)
        }
    }
}

extension [StreamPartition: OffsetRange] {
    fileprivate func cover(_ position: StreamPosition) -> Bool {
        self[position.partition].map { position.offset >= $0.from && position.offset < $0.to } ?? false
    }
}
