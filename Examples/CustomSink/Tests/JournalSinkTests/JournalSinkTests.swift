import ChurnCore
import ChurnTesting
import Foundation
import JournalSink
import Testing

@Suite("The journal sink")
struct JournalSinkTests {
    /// Hands out a path for a journal and removes the file afterwards.
    private static func withPath(_ body: @Sendable (String) async throws -> Void) async throws {
        let url = FileManager.default.temporaryDirectory.appendingPathComponent("journal-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: url) }
        try await body(url.path)
    }

    @Test("keeps the contract of a prediction sink", arguments: PredictionSinkContract.checks)
    func contract(_ check: PredictionSinkContract.Check) async {
        await check.verify { use in
            try await Self.withPath { path in
                try await use(StoreUnderTest(store: JournalSink(path: path), domain: .telco))
            }
        }
    }

    @Test("goes on where its file ends, and drops a torn line")
    func reopens() async throws {
        try await Self.withPath { path in
            let stream = StreamIdentity(name: StreamName(cluster: "c", topic: "t"))
            let partition = StreamPartition(stream: stream, partition: 0)
            let first = try JournalSink(path: path)
            let reserved = try await first.reserveEventIDs(10)
            _ = try await first.write(ScoredBatch(ranges: [OffsetRange(partition: partition, from: 0, to: 7)]))

            let torn = try FileHandle(forWritingTo: URL(fileURLWithPath: path))
            try torn.seekToEnd()
            try torn.write(contentsOf: Data(#"{"ranges":[{"clus"#.utf8))
            try torn.close()

            let second = try JournalSink(path: path)
            let positions = await second.positions(of: stream.name, partitions: [0])
            #expect(positions.stored == [0: StoredPosition(nextOffset: 7)])
            #expect(try await second.reserveEventIDs(1) >= reserved + 10)
            let outcome = try await second.write(
                ScoredBatch(ranges: [OffsetRange(partition: partition, from: 7, to: 9)]))
            guard case .written = outcome else { return #expect(Bool(false), "the outcome is \(outcome)") }
        }
    }
}
