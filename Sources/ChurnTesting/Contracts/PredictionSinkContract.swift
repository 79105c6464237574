public import ChurnCore
import ChurnInsight

/// The contract of every sink: writes are atomic and idempotent by range.
///
/// The sink needs to know no customers: where it also is a ``/ChurnInsight/CustomerDirectory``, the customers of the
/// events are imported first.
public enum PredictionSinkContract {
    /// A fresh sink.
    public typealias Subject = StoreUnderTest<any PredictionSink>
    /// One promise.
    public typealias Check = ContractCheck<Subject>

    /// Every promise.
    public static let checks: [Check] = positions + pins + fence + numbers

    private static let positions: [Check] = [
        Check("a stream that was never written stands in epoch 0 without positions") { subject, findings in
            let samples = subject.samples
            let found = try await subject.store.positions(of: samples.name, partitions: [0, 1, 2])
            findings.expectEqual(found, StreamPositions(stream: samples.stream, stored: [:]), "the positions")
        },
        Check("a partition without a row accepts any first offset and goes on where the range ends") {
            subject, findings in
            let samples = subject.samples
            let outcome = try await subject.store.write(
                ScoredBatch(ranges: [samples.range(3, 5_000_000_000, 5_000_000_007)]))
            findings.expect(outcome.isWritten, "the outcome is \(outcome), expected written")
            let found = try await subject.store.positions(of: samples.name, partitions: [3])
            findings.expectEqual(found.stored, [3: StoredPosition(nextOffset: 5_000_000_007)], "the positions")
        },
        Check("only the partitions that are asked for are answered") { subject, findings in
            let samples = subject.samples
            _ = try await subject.store.write(
                ScoredBatch(ranges: [samples.range(0, 0, 1), samples.range(1, 0, 2), samples.range(2, 0, 3)]))
            let found = try await subject.store.positions(of: samples.name, partitions: [1, 9])
            findings.expectEqual(found.stored, [1: StoredPosition(nextOffset: 2)], "the positions")
        },
        Check("successive ranges move a partition on") { subject, findings in
            let samples = subject.samples
            for from in stride(from: Int64(0), to: 50, by: 10) {
                let outcome = try await subject.store.write(ScoredBatch(ranges: [samples.range(0, from, from + 10)]))
                findings.expect(outcome.isWritten, "[\(from), \(from + 10)) is \(outcome), expected written")
            }
            let found = try await subject.store.positions(of: samples.name, partitions: [0])
            findings.expectEqual(found.stored[0]?.nextOffset, 50, "the position")
        },
        Check("the same topic on another cluster is another stream") { subject, findings in
            let samples = subject.samples
            _ = try await subject.store.write(ScoredBatch(ranges: [samples.range(0, 0, 10)]))
            let other = StreamName(cluster: "other-cluster", topic: samples.name.topic)
            let found = try await subject.store.positions(of: other, partitions: [0])
            findings.expectEqual(found.stored, [:], "the other stream's positions")
        },
        Check("a position knows the last update of its partition, and a batch without updates keeps it") {
            subject, findings in
            let samples = subject.samples
            _ = try await subject.store.write(ScoredBatch(ranges: [samples.range(0, 0, 4)]))
            var found = try await subject.store.positions(of: samples.name, partitions: [0])
            findings.expectEqual(found.stored[0], StoredPosition(nextOffset: 4), "the position without an update")
            _ = try await subject.store.write(
                ScoredBatch(
                    ranges: [samples.range(0, 4, 9)],
                    updates: [samples.block(0, previous: nil, numbers: [4, 6, 7])]))
            found = try await subject.store.positions(of: samples.name, partitions: [0])
            findings.expectEqual(
                found.stored[0], StoredPosition(nextOffset: 9, lastUpdate: 7), "the position after updates")
            _ = try await subject.store.write(ScoredBatch(ranges: [samples.range(0, 9, 12)]))
            found = try await subject.store.positions(of: samples.name, partitions: [0])
            findings.expectEqual(
                found.stored[0], StoredPosition(nextOffset: 12, lastUpdate: 7), "the position of a batch without any")
        },
        Check("a batch of thousands of events is written like a batch of one") { subject, findings in
            let samples = subject.samples
            let customers = samples.customers(500)
            try await Self.seed(customers, in: subject.store)
            let count = 3000
            let first = try await subject.store.reserveEventIDs(count)
            let events = (0..<count).map { index in
                samples.scored(
                    samples.event(customers[index % 500].id, offset: Int64(index)), id: first + Int64(index))
            }
            let outcome = try await subject.store.write(
                ScoredBatch(ranges: [samples.range(0, 0, Int64(count))], events: events))
            findings.expect(outcome.isWritten, "the outcome is \(outcome), expected written")
        },
        Check("customers' ids with quotes, commas, braces, backslashes and other scripts are written") {
            subject, findings in
            let samples = subject.samples
            let ids = StoreSamples.awkwardIDs
            try await Self.seed(ids.map { samples.customer($0) }, in: subject.store)
            let first = try await subject.store.reserveEventIDs(ids.count)
            let events = ids.enumerated().map { index, id in
                samples.scored(
                    samples.event(id, offset: Int64(index), sourceEventID: id), id: first + Int64(index))
            }
            let outcome = try await subject.store.write(
                ScoredBatch(ranges: [samples.range(0, 0, Int64(ids.count))], events: events))
            findings.expect(outcome.isWritten, "the outcome is \(outcome), expected written")
        },
    ]

    private static let numbers: [Check] = [
        Check("event numbers are never given twice, however many ask at once") { subject, findings in
            let ranges = try await withThrowingTaskGroup(of: Range<Int64>.self) { group in
                for index in 0..<40 {
                    let count = index % 7 + 1
                    group.addTask {
                        let first = try await subject.store.reserveEventIDs(count)
                        return first..<first + Int64(count)
                    }
                }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            let sorted = ranges.sorted { $0.lowerBound < $1.lowerBound }
            for (range, next) in zip(sorted, sorted.dropFirst()) {
                findings.expect(range.upperBound <= next.lowerBound, "\(range) and \(next) overlap")
            }
        }
    ]

    static func seed(_ customers: [CustomerState], in sink: any PredictionSink) async throws {
        if let directory = sink as? any CustomerDirectory { _ = try await directory.importCustomers(customers) }
    }
}
