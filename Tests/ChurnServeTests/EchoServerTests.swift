import ChurnCore
import ChurnMemory
import Foundation
import Logging
import NIOCore
import ServeTestSupport
import ServiceLifecycle
import Testing

@testable import ChurnServe

/// Sends back what it gets.
///
/// Exists in this test target only, for Autobahn's fuzzing client.
private final class EchoSession: WebSocketSession {
    private weak var outbound: (any WebSocketOutbound)?

    func opened(_ outbound: any WebSocketOutbound) { self.outbound = outbound }
    func received(text: ByteBuffer) { self.send(ServerFrame.text(text)) }
    func received(binary: ByteBuffer) { self.send(ServerFrame.binary(binary)) }
    func becameWritable() {}
    func tick(now: NIODeadline) {}
    func closed() { self.outbound = nil }

    private func send(_ frame: ByteBuffer) {
        self.outbound?.write(frame)
        self.outbound?.flush()
    }
}

/// Runs the server of `Scripts/autobahn.sh`: with `CHURN_TEST_ECHO_PORT` it serves `/echo` there until it is killed.
@Suite struct EchoServerTests {
    static let port = ProcessInfo.processInfo.environment["CHURN_TEST_ECHO_PORT"].flatMap { Int($0) }

    @Test(
        "an echo server for Autobahn serves until its time is up",
        .enabled(if: Self.port != nil, "set CHURN_TEST_ECHO_PORT, as Scripts/autobahn.sh does"))
    func serve() async throws {
        var limits = ServerLimits()
        limits.maximumFrameBytes = 32 << 20
        limits.maximumMessageBytes = 32 << 20
        limits.maximumFragments = 1_000_000
        limits.commandsPerSecond = 1_000_000
        limits.maximumSocketBufferBytes = 256 << 20
        let store = InMemoryStore(domain: .telco)
        let health = HealthBoard()
        let hub = UpdateHub(
            log: store, health: health, metrics: PrometheusMetricsFactory(), logger: Logger.quiet)
        let server = ChurnServer(
            ServerConfiguration(port: try #require(Self.port), limits: limits),
            serving: ServerDependencies(hub: hub, customers: store, domain: .telco, health: health),
            webSockets: ["/echo": { _, _ in EchoSession() }], logger: Logger.quiet, onListening: { _, _ in })
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await server.run() }
            group.addTask { try await Task.sleep(for: .seconds(3600)) }
            defer { group.cancelAll() }
            try await group.next()
        }
    }
}
