import ChurnCore
import ChurnKafka
import Testing

/// The deliveries of a source, and whether it kept its promises.
struct Reading {
    var events: [Int32: [CustomerEvent]] = [:]
    var rejections: [Rejection] = []
    var ranges: [Int32: [OffsetRange]] = [:]
    var batches = 0

    var eventCount: Int { self.events.values.reduce(0) { $0 + $1.count } }
    var recordCount: Int { self.eventCount + self.rejections.count }

    mutating func add(_ batch: EventBatch) {
        self.batches += 1
        for entry in batch.entries {
            self.events[entry.event.position.partition.partition, default: []].append(entry.event)
        }
        self.rejections += batch.rejections
        for range in batch.ranges {
            if let last = self.ranges[range.partition.partition]?.last {
                #expect(last.to == range.from, "the ranges of partition \(range.partition.partition) do not touch")
            }
            self.ranges[range.partition.partition, default: []].append(range)
        }
        for entry in batch.entries {
            let position = entry.event.position
            #expect(
                batch.ranges.contains {
                    $0.partition == position.partition && $0.from <= position.offset && position.offset < $0.to
                }, "an event lies outside of its batch's ranges")
        }
    }
}

/// A source did not do in time what a test waits for.
struct TookTooLong: Error { var what: String }

extension KafkaEventSource {
    /// The next batch, or an error after the limit; errors of disposition `retry` are passed over where asked for.
    func batch(within limit: Duration = .seconds(20), retrying: Bool = true) async throws -> EventBatch? {
        try await withThrowingTaskGroup(of: EventBatch?.self) { group in
            group.addTask {
                while true {
                    do {
                        return try await self.nextBatch()
                    } catch let error as ChurnError where retrying && error.disposition == .retry {
                        try await Task.sleep(for: .milliseconds(20))
                    }
                }
            }
            group.addTask {
                try await Task.sleep(for: limit)
                throw TookTooLong(what: "waiting for a batch")
            }
            defer { group.cancelAll() }
            return try await group.next() ?? nil
        }
    }

    /// Reads until there are this many records, storing the positions where asked for.
    func read(
        _ count: Int, storing positions: StoredPositions? = nil, within limit: Duration = .seconds(20)
    ) async throws -> Reading {
        var reading = Reading()
        while reading.recordCount < count {
            guard let batch = try await self.batch(within: limit) else { throw TookTooLong(what: "the source ended") }
            reading.add(batch)
            positions?.store(batch.ranges)
        }
        return reading
    }
}

/// Waits until a claim about a server comes true.
func eventually(within limit: Duration = .seconds(15), _ claim: () async throws -> Bool) async throws {
    let deadline = ContinuousClock.now + limit
    while try await !claim() {
        guard ContinuousClock.now < deadline else { throw TookTooLong(what: "a claim to come true") }
        try await Task.sleep(for: .milliseconds(20))
    }
}

extension KafkaEventSource {
    /// Runs a test while a task waits for the next batch, as the pipeline's does; none may come.
    func waiting(_ body: () async throws -> Void) async throws {
        async let batch = self.nextBatch()
        do { try await body() } catch {
            await self.close()
            _ = try? await batch
            throw error
        }
    }
}
