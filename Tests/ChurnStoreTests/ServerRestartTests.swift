import ChurnCore
import Dispatch
import Foundation
import Testing

@testable import ChurnStore

/// These end a server, so they run one of their own.
@Suite(.enabled(if: TestDatabase.isThere, TestDatabase.absence), .serialized)
struct ServerRestartTests {
    @Test("a crash of the server is a retry, and afterwards the same store goes on", .timeLimit(.minutes(3)))
    func crash() async throws {
        let folder = FileManager.default.temporaryDirectory.appending(
            path: "churn-restart-\(UInt32.random(in: 0...(.max)))")
        defer { try? FileManager.default.removeItem(at: folder) }
        let url = try await Self.script("start", folder)
        var configuration = PostgresConfiguration(url: Secret(url))
        configuration.longestBackOff = .milliseconds(200)
        let migrator = try Migrator(configuration, domain: .telco, logger: TestDatabase.logger)
        _ = try await migrator.migrate()
        await migrator.close()
        let store = try PostgresStore(configuration, domain: .telco, logger: TestDatabase.logger)
        #expect(try await store.importCustomers([Samples.customer("a")]) == 1)
        #expect(try await store.write(ScoredBatch(ranges: [Samples.range(0, 5)])).isWritten)

        _ = try await Self.script("immediate", folder)
        for _ in 0..<3 {
            let error = await #expect(throws: ChurnError.self) {
                try await store.write(ScoredBatch(ranges: [Samples.range(5, 6)]))
            }
            #expect(error?.code == .storeUnavailable && error?.disposition == .retry)
        }

        _ = try await Self.script("start", folder)
        try await eventually { (try? await store.ping()) != nil }
        #expect(try await store.positions(of: Samples.name, partitions: [0]).stored[0]?.nextOffset == 5)
        #expect(try await store.write(ScoredBatch(ranges: [Samples.range(5, 6)])).isWritten)
        #expect(try await store.customerCount() == 1)
        await store.close()
        _ = try await Self.script("stop", folder)
        if let data = try? String(contentsOf: folder.appending(path: "data-folder"), encoding: .utf8) {
            try? FileManager.default.removeItem(atPath: data.trimmingCharacters(in: .whitespacesAndNewlines))
        }
    }

    /// Runs Scripts/postgres.sh and returns what it printed.
    ///
    /// Not with Foundation's Process: on Linux that waits until every descendant is gone, and the server stays.
    private static func script(_ action: String, _ folder: URL) async throws -> String {
        let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        let script = root.appending(path: "Scripts/postgres.sh").path(percentEncoded: false)
        let path = folder.path(percentEncoded: false)
        let output = path + ".out"
        let status = await withCheckedContinuation { continuation in
            DispatchQueue.global().async {
                continuation.resume(returning: system("'\(script)' \(action) '\(path)' >'\(output)' </dev/null"))
            }
        }
        defer { try? FileManager.default.removeItem(atPath: output) }
        try #require(status == 0)
        return try String(contentsOfFile: output, encoding: .utf8).trimmingCharacters(in: .whitespacesAndNewlines)
    }
}
