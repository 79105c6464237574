import ChurnCore
import ChurnMemory
import NIOPosix
import ServeTestSupport
import Testing

@testable import ChurnServe

@Suite("A client that a gap frame cannot serve is closed with 4010", .timeLimit(.minutes(2)))
struct FeedGapTests {
    private var quick: UpdateHubConfiguration {
        var configuration = UpdateHubConfiguration()
        configuration.pollInterval = .milliseconds(5)
        return configuration
    }

    private func subscriber(
        _ hub: UpdateHub, from cursor: UpdateCursor, closesOnGap: Bool = false
    ) async throws -> FakeSubscriber {
        var options = SubscriptionOptions(cursor: cursor)
        options.closesOnGap = closesOnGap
        return try await FakeSubscriber(
            hub: hub, eventLoop: MultiThreadedEventLoopGroup.singleton.next(), options: options, room: .max)
    }

    @Test("one whose cursor names streams of another deployment only, or numbers that are not written yet")
    func impossible() async throws {
        let store = InMemoryStore(domain: .telco)
        var feed = TestFeed(store: store)
        _ = try await feed.write(5)
        let key = StreamPartition(stream: feed.stream, partition: 0)
        let foreign = StreamPartition(
            stream: StreamIdentity(name: StreamName(cluster: "elsewhere", topic: "events")), partition: 0)
        try await withRunningHub(over: store, self.quick) { hub in
            for seen in [[foreign: 5], [key: Int64(5)], [foreign: 5, key: 100]] {
                let client = try await self.subscriber(hub, from: UpdateCursor(seen: seen))
                try await eventually("it was closed") { try await client.closeCode == .gap }
                let updates = try await client.items.filter { if case .update = $0 { true } else { false } }
                #expect(updates.isEmpty)
            }
        }
    }

    @Test("but not one whose cursor names a later epoch of a stream only: it has seen all of those before")
    func laterEpoch() async throws {
        var configuration = self.quick
        configuration.ringFrames = 4
        try await withRunningHub(over: InMemoryStore(domain: .telco), configuration) { hub in
            let name = StreamName(cluster: "test", topic: "events")
            let (old, new) = (
                StreamPartition(stream: StreamIdentity(name: name, epoch: 0), partition: 0),
                StreamPartition(stream: StreamIdentity(name: name, epoch: 1), partition: 0)
            )
            try await eventually("the hub has begun") { hub.state.withLock { $0.hasStarted } }
            hub.publish([FeedText.block(old, previous: nil, numbers: Array(0..<10))])
            hub.publish([FeedText.block(new, previous: nil, numbers: [0, 1, 2])])
            let client = try await self.subscriber(hub, from: UpdateCursor(seen: [new: 0]))
            try await eventually("the last came") { try await client.items.contains(.update(partition: 0, number: 2)) }
            let items = try await client.items
            #expect(items.contains(.cursor(UpdateCursor(seen: [new: 0]))))
            let updates = items.filter { if case .update = $0 { true } else { false } }
            #expect(updates == [1, 2].map { .update(partition: 0, number: $0) })
        }
    }

    @Test("but not one whose cursor is ahead of this node only")
    func behindNode() async throws {
        let store = InMemoryStore(domain: .telco)
        var slow = self.quick
        slow.pollInterval = .seconds(3600)
        var feed = TestFeed(store: store)
        try await withRunningHub(over: store, slow) { hub in
            // Written by another process, and not seen here yet: a partition that is new, and one that goes on.
            _ = try await feed.write(5)
            for next in 1...3 {
                let key = StreamPartition(stream: feed.stream, partition: 0)
                let client = try await self.subscriber(hub, from: UpdateCursor(seen: [key: Int64(next * 5 - 1)]))
                let block = try await feed.write(5)
                hub.publish([block])
                try await eventually("what follows came") {
                    try await client.items.contains(.update(partition: 0, number: block.numbers.last ?? -1))
                }
                let updates = try await client.items.filter { if case .update = $0 { true } else { false } }
                #expect(updates == block.numbers.map { .update(partition: 0, number: $0) })
                #expect(try await client.closeCode == nil)
            }
        }
    }

    @Test("one that asked for it by gap=close, where another is notified of the gap and goes on")
    func byOption() async throws {
        let store = InMemoryStore(domain: .telco)
        var feed = TestFeed(store: store)
        for _ in 0..<4 { _ = try await feed.write(5) }
        let key = StreamPartition(stream: feed.stream, partition: 0)
        store.forgetUpdates(of: key, through: 9)
        try await withRunningHub(over: store, self.quick) { hub in
            let strict = try await self.subscriber(hub, from: UpdateCursor(seen: [key: 2]), closesOnGap: true)
            let other = try await self.subscriber(hub, from: UpdateCursor(seen: [key: 2]))
            try await eventually("the strict one was closed") { try await strict.closeCode == .gap }
            try await eventually("the other got what is there") {
                try await other.items.contains(.update(partition: 0, number: 19))
            }
            #expect(try await other.items.contains(.gap(partition: 0, from: 3, to: 10)))
            let sent = try await strict.items.filter { if case .cursor = $0 { false } else { true } }
            #expect(sent.isEmpty)
            // Without a gap the option changes nothing.
            let whole = try await self.subscriber(hub, from: UpdateCursor(seen: [key: 12]), closesOnGap: true)
            try await eventually("all came") { try await whole.items.contains(.update(partition: 0, number: 19)) }
            #expect(try await whole.closeCode == nil)
        }
    }

    @Test("over the wire the code and a time to come back are in the close frame")
    func overTheWire() async throws {
        try await ServeHarness.run { server in
            var feed = TestFeed(store: server.store)
            _ = try await feed.write(5)
            let foreign = StreamPartition(
                stream: StreamIdentity(name: StreamName(cluster: "elsewhere", topic: "x")), partition: 0)
            let client = try await WebSocketClient.connect(
                port: server.port, query: "?gap=close&cursor=\(UpdateCursor(seen: [foreign: 1]).text)")
            try await eventually("it was closed") { client.closeCode != nil }
            #expect(client.closeCode == .some(.some(4010)))
            let reason = try #require(client.closeReason)
            let parts = reason.split(separator: "; retryAfter=")
            #expect(parts.count == 2 && parts.first == "the cursor is not of this server's log")
            let seconds = try #require(parts.last.flatMap { Double($0) })
            #expect((0.5...5).contains(seconds))
            client.raw.close()
        }
    }
}
