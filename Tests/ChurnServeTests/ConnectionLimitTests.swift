import ChurnCore
import Logging
import ServeTestSupport
import Testing

@testable import ChurnServe

@Suite(.timeLimit(.minutes(2))) struct ConnectionLimitTests {
    @Test(
        "connections stay below the files that a process may open, with a reserve",
        arguments: [(1_024, 896), (20_000, 12_000), (144, 16), (143, nil), (100, nil)] as [(Int, Int?)])
    func withinDescriptors(_ descriptors: Int, _ expected: Int?) throws {
        let limits = ServerLimits()
        if let expected {
            #expect(try limits.connections(within: descriptors) == expected)
        } else {
            let error = #expect(throws: ChurnError.self) { try limits.connections(within: descriptors) }
            #expect(error?.code == .invalidConfiguration && error?.advice.contains("ulimit -n") == true)
        }
    }

    @Test("refused connections are counted, and said once, not each")
    func refusals() async throws {
        var limits = ServerLimits.patient
        limits.maximumConnections = 1
        let lines = LogLines()
        try await ServeHarness.run(limits: limits, logger: lines.logger) { server in
            let first = try await RawClient.connect(port: server.port)
            try await eventually("the first was taken") { server.metrics.text().contains("churn_http_connections 1\n") }
            for _ in 0..<50 {
                let next = try await RawClient.connect(port: server.port)
                try await eventually("it was closed") { next.isClosed }
                next.close()
            }
            #expect(
                server.metrics.text().contains(#"churn_http_connections_refused_total{reason="limit"} 50"# + "\n"))
            #expect(
                server.metrics.text().contains(#"churn_http_connections_refused_total{reason="descriptors"} 0"# + "\n"))
            #expect(lines.all.count { $0 == "warning Connections are refused" } == 1)
            first.close()
            try await eventually("its place is free") { server.metrics.text().contains("churn_http_connections 0\n") }
        }
    }
}

/// Keeps what is logged.
final class LogLines: Sendable {
    private let lines = Locked<[String]>([])
    private let withMetadata = Locked<[String]>([])

    var all: [String] { self.lines.withLock { $0 } }
    /// The same with what was said beside each.
    var details: [String] { self.withMetadata.withLock { $0 } }

    var logger: Logger { Logger(label: "test") { _ in Handler(lines: self) } }

    private func add(_ line: String, _ metadata: Logger.Metadata?) {
        self.lines.withLock { $0.append(line) }
        self.withMetadata.withLock { $0.append("\(line) \(metadata ?? [:])") }
    }

    private struct Handler: LogHandler {
        let lines: LogLines
        var metadata: Logger.Metadata = [:]
        var logLevel = Logger.Level.info
        subscript(metadataKey key: String) -> Logger.MetadataValue? {
            get { self.metadata[key] }
            set { self.metadata[key] = newValue }
        }

        func log(event: LogEvent) {
            self.lines.add("\(event.level) \(event.message)", event.metadata)
        }
    }
}
