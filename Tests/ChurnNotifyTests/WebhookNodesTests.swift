import ChurnCore
import ChurnInsight
import ChurnMemory
import ServeTestSupport
import Testing

@testable import ChurnNotify

@Suite("Several nodes share the webhooks", .timeLimit(.minutes(2)))
struct WebhookNodesTests {
    /// A log whose node dies between sending and writing down, this many times; its lease is over at once.
    private final class DyingLog: DeliveryLog {
        let log: InMemoryStore
        private let deaths: Locked<Int>
        private let clock: TestClock

        init(_ log: InMemoryStore, deaths: Int, clock: TestClock) {
            self.log = log
            self.clock = clock
            self.deaths = Locked(deaths)
        }

        func deliveryCursor(of webhook: String) async throws -> UpdateCursor? {
            try await self.log.deliveryCursor(of: webhook)
        }
        func addDeliveries(
            _ deliveries: [NewDelivery], to webhook: String, from: UpdateCursor?, to: UpdateCursor
        ) async throws -> Bool {
            try await self.log.addDeliveries(deliveries, to: webhook, from: from, to: to)
        }
        func claimDeliveries(of webhook: String, limit: Int, lease: Duration) async throws -> [ClaimedDelivery] {
            try await self.log.claimDeliveries(of: webhook, limit: limit, lease: lease)
        }
        func finish(_ claim: ClaimedDelivery, with result: DeliveryResult) async throws -> Bool {
            let dies = self.deaths.withLock { deaths in
                defer { deaths -= 1 }
                return deaths > 0
            }
            if dies {
                self.clock.advance(by: .seconds(7_200))
                throw ChurnError(.storeUnavailable, .retry, during: "finish a delivery")
            }
            return try await self.log.finish(claim, with: result)
        }
        func deliveries(
            of webhook: String?, status: Delivery.Status?, before id: Int64?, limit: Int
        ) async throws -> [Delivery] {
            try await self.log.deliveries(of: webhook, status: status, before: id, limit: limit)
        }
    }

    @Test("what a node sent and could not write down is sent again, with the same key")
    func deathBeforeTheLog() async throws {
        let clock = TestClock()
        let scene = WebhookScene(now: { clock.now })
        var configuration = WebhookScene.quick
        configuration.lease = .seconds(3_600)
        try await WebhookReceiver.with { receiver in
            let webhook = try WebhookScene.generic(receiver)
            let log = DyingLog(scene.store, deaths: 2, clock: clock)
            try await scene.run([webhook], nodes: 2, configuration: configuration, log: log) { _ in
                try await scene.raise(["a"])
                let line = try #require(try await scene.finished(1).first)
                #expect(line.attempts == 3 && line.status == .delivered)
                #expect(receiver.messages.count == 3)
                #expect(Set(receiver.messages.map(\.key)) == [line.key])
            }
        }
    }

    @Test("a delivery whose last attempt was not recorded is given up without another")
    func exhausted() async throws {
        let clock = TestClock()
        let scene = WebhookScene(now: { clock.now })
        var configuration = WebhookScene.quick
        configuration.lease = .seconds(3_600)
        configuration.maximumAttempts = 1
        try await WebhookReceiver.with { receiver in
            let webhook = try WebhookScene.generic(receiver)
            let log = DyingLog(scene.store, deaths: 1, clock: clock)
            try await scene.run([webhook], configuration: configuration, log: log) { _ in
                try await scene.raise(["a"])
                let line = try #require(try await scene.finished(1).first)
                #expect(line.status == .failed && line.error == "attempts_exhausted")
                #expect(receiver.messages.count == 1)
            }
        }
    }

    @Test("of three nodes, one delivers each case")
    func threeNodes() async throws {
        let scene = WebhookScene()
        try await WebhookReceiver.with { receiver in
            try await scene.run([WebhookScene.generic(receiver)], nodes: 3) { _ in
                for batch in 0..<6 { try await scene.raise((0..<10).map { "C\(batch)-\($0)" }) }
                let lines = try await scene.finished(60)
                #expect(lines.map(\.eventID).sorted() == Array(1_000..<1_060))
                #expect(lines.allSatisfy { $0.attempts == 1 })
                #expect(receiver.messages.count == 60 && Set(receiver.messages.map(\.key)).count == 60)
            }
        }
    }

    @Test("what was raised while no node ran is delivered when one starts")
    func restart() async throws {
        let scene = WebhookScene()
        try await WebhookReceiver.with { receiver in
            let webhook = try WebhookScene.generic(receiver)
            try await scene.run([webhook]) { _ in }
            try await scene.raise(["a", "b"])
            #expect(receiver.messages.isEmpty)
            try await scene.run([webhook]) { _ in
                let lines = try await scene.finished(2)
                #expect(lines.map(\.eventID).sorted() == [1_000, 1_001])
            }
        }
    }

    @Test("a graceful stop waits for what is on its way and writes it down")
    func gracefulStop() async throws {
        let scene = WebhookScene()
        try await WebhookReceiver.with({ _, _ in .late(.milliseconds(300), status: 200) }) { receiver in
            try await scene.run([WebhookScene.generic(receiver)]) { stop in
                try await scene.raise(["a"])
                try await eventually("the message is on its way") { !receiver.messages.isEmpty }
                await stop()
            }
            let line = try #require(try await scene.lines().first)
            #expect(line.status == .delivered && line.attempts == 1)
        }
    }
}
