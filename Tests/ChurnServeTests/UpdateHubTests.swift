import ChurnCore
import ChurnMemory
import NIOCore
import NIOPosix
import ServeTestSupport
import Testing

@testable import ChurnServe

@Suite(.timeLimit(.minutes(2))) struct UpdateHubTests {
    private var small: UpdateHubConfiguration {
        var configuration = UpdateHubConfiguration()
        configuration.pollInterval = .milliseconds(5)
        configuration.ringFrames = 24
        configuration.framesPerCursor = 7
        return configuration
    }

    /// The updates due to a subscriber: everything after the cursor that it was sent first, in order by partition.
    private func verify(
        _ items: [FeedText.Item], written: [Int32: [Int64]], stream: StreamIdentity, sourceLocation: SourceLocation
    ) {
        guard case .cursor(let start)? = items.first else {
            Issue.record("the first message is a cursor", sourceLocation: sourceLocation)
            return
        }
        var seen = start.seen
        var got: [Int32: [Int64]] = [:]
        for item in items {
            switch item {
            case .update(let partition, let number):
                got[partition, default: []].append(number)
                seen[StreamPartition(stream: stream, partition: partition)] = number
            case .cursor(let cursor):
                if cursor.seen != seen { Issue.record("a cursor is not what was sent", sourceLocation: sourceLocation) }
            case .gap, .other: Issue.record("unexpected \(item)", sourceLocation: sourceLocation)
            }
        }
        for (partition, numbers) in written {
            let after = start.seen[StreamPartition(stream: stream, partition: partition)] ?? -1
            let expected = numbers.filter { $0 > after }
            #expect(got[partition] ?? [] == expected, "partition \(partition)", sourceLocation: sourceLocation)
        }
    }

    @Test(
        "whatever publish loses, repeats and reorders, each subscriber gets each update once and in order",
        arguments: UInt64(1)...12)
    func random(_ seed: UInt64) async throws {
        var random = SeededRandom(seed: seed)
        let store = InMemoryStore(domain: .telco)
        try await withRunningHub(over: store, self.small) { hub in
            var feed = TestFeed(store: store)
            let eventLoop = MultiThreadedEventLoopGroup.singleton.next()
            var written: [Int32: [Int64]] = [:]
            var held: [UpdateBlock] = []
            var subscribers: [FakeSubscriber] = []
            for _ in 0..<150 {
                let block = try await feed.write(
                    1 + random.index(below: 6), partition: Int32(random.index(below: 3)),
                    step: 1 + Int64(random.index(below: 3)))
                written[block.partition.partition, default: []] += block.numbers
                if !random.chance(0.25) { held.append(block) }
                if random.chance(0.5) {
                    held.shuffle(using: &random)
                    hub.publish(held)
                    held = random.chance(0.3) ? held : []
                }
                if random.chance(0.12) {
                    let room = random.index(below: 30)
                    var cursor: UpdateCursor?
                    if random.chance(0.6), let other = subscribers.randomElement(using: &random) {
                        cursor = try await other.items.compactMap { item -> UpdateCursor? in
                            if case .cursor(let cursor) = item { cursor } else { nil }
                        }.randomElement(using: &random)
                    }
                    subscribers.append(
                        try await FakeSubscriber(hub: hub, eventLoop: eventLoop, resumeFrom: cursor, room: room))
                }
                if let subscriber = subscribers.randomElement(using: &random) {
                    try await subscriber.drain(room: random.index(below: 40))
                }
            }
            let last = written.mapValues { $0.last }
            for subscriber in subscribers {
                try await subscriber.drain(room: .max)
                try await eventually("the subscriber has caught up") {
                    let items = try await subscriber.items
                    guard case .cursor(let start)? = items.first else { return false }
                    return last.allSatisfy { partition, number in
                        let key = StreamPartition(stream: feed.stream, partition: partition)
                        if let number, start.seen[key] ?? -1 >= number { return true }
                        return items.contains { $0 == .update(partition: partition, number: number ?? -1) }
                    }
                }
                self.verify(
                    try await subscriber.items, written: written, stream: feed.stream,
                    sourceLocation: #_sourceLocation)
            }
        }
    }

    @Test("a process that only serves finds everything in the log")
    func withoutPublish() async throws {
        let store = InMemoryStore(domain: .telco)
        try await withRunningHub(over: store, self.small) { hub in
            var feed = TestFeed(store: store)
            let subscriber = try await FakeSubscriber(
                hub: hub, eventLoop: MultiThreadedEventLoopGroup.singleton.next(), resumeFrom: nil, room: .max)
            for _ in 0..<20 { _ = try await feed.write(10) }
            try await eventually("all updates came") {
                try await subscriber.items.contains(.update(partition: 0, number: 199))
            }
            self.verify(
                try await subscriber.items, written: [0: Array(0..<200)], stream: feed.stream,
                sourceLocation: #_sourceLocation)
        }
    }

    @Test("a subscriber that resumes where the log no longer reaches learns which numbers are missing")
    func gap() async throws {
        var configuration = InMemoryStore.Configuration()
        configuration.updateBlocksKept = 3
        let store = InMemoryStore(domain: .telco, configuration: configuration)
        var feed = TestFeed(store: store)
        for _ in 0..<10 { _ = try await feed.write(5) }
        try await withRunningHub(over: store, self.small) { hub in
            let eventLoop = MultiThreadedEventLoopGroup.singleton.next()
            let key = StreamPartition(stream: feed.stream, partition: 0)
            let subscriber = try await FakeSubscriber(
                hub: hub, eventLoop: eventLoop, resumeFrom: UpdateCursor(seen: [key: 7]), room: .max)
            try await eventually("the newest update came") {
                try await subscriber.items.contains(.update(partition: 0, number: 49))
            }
            let items = try await subscriber.items.filter { if case .cursor = $0 { false } else { true } }
            #expect(items.first == .gap(partition: 0, from: 8, to: 35))
            #expect(items.dropFirst().elementsEqual((35..<50).map { .update(partition: 0, number: $0) }))
        }
    }

    @Test("a gap that reaches to the end is reported too")
    func gapToTheEnd() async throws {
        let store = InMemoryStore(domain: .telco)
        var feed = TestFeed(store: store)
        for _ in 0..<4 { _ = try await feed.write(5) }
        let key = StreamPartition(stream: feed.stream, partition: 0)
        store.forgetUpdates(of: key, through: 19)
        try await withRunningHub(over: store, self.small) { hub in
            let subscriber = try await FakeSubscriber(
                hub: hub, eventLoop: MultiThreadedEventLoopGroup.singleton.next(),
                resumeFrom: UpdateCursor(seen: [key: 7]), room: .max)
            try await eventually("the gap was reported") {
                try await subscriber.items.contains(.gap(partition: 0, from: 8, to: 20))
            }
            hub.publish([try await feed.write(1)])
            try await eventually("what follows came") {
                try await subscriber.items.contains(.update(partition: 0, number: 20))
            }
            #expect(try await subscriber.items.count { if case .gap = $0 { true } else { false } } == 1)
        }
    }

    @Test("a partition of another epoch is another stream, read from its beginning")
    func epochs() async throws {
        let store = InMemoryStore(domain: .telco)
        var first = TestFeed(store: store)
        _ = try await first.write(3)
        let old = StreamPartition(stream: first.stream, partition: 0)
        let reset = await store.reset(first.stream.name)
        var second = TestFeed(store: store, epoch: reset.epoch)
        try await withRunningHub(over: store, self.small) { hub in
            let subscriber = try await FakeSubscriber(
                hub: hub, eventLoop: MultiThreadedEventLoopGroup.singleton.next(),
                resumeFrom: UpdateCursor(seen: [old: 2]), room: .max)
            hub.publish([try await second.write(4)])
            try await eventually("the new epoch came") {
                try await subscriber.items.contains(.update(partition: 0, number: 3))
            }
            let updates = try await subscriber.items.filter { if case .update = $0 { true } else { false } }
            #expect(updates == (0..<4).map { .update(partition: 0, number: $0) })
        }
    }

    @Test("partitions that only a client names are kept for its cursor and not remembered by the hub")
    func foreignPartitions() async throws {
        let store = InMemoryStore(domain: .telco)
        try await withRunningHub(over: store, self.small) { hub in
            let foreign = StreamPartition(
                stream: StreamIdentity(name: StreamName(cluster: "elsewhere", topic: "x")), partition: 9)
            var feed = TestFeed(store: store)
            let key = StreamPartition(stream: feed.stream, partition: 0)
            hub.publish([try await feed.write(3)])
            try await eventually("the hub knows the partition") {
                hub.state.withLock { $0.ring.knownIndex(of: key) != nil }
            }
            let cursor = UpdateCursor(seen: [foreign: 5, key: 2])
            let subscriber = try await FakeSubscriber(
                hub: hub, eventLoop: MultiThreadedEventLoopGroup.singleton.next(), resumeFrom: cursor, room: .max)
            try await eventually("the cursor came") { try await subscriber.items.contains(.cursor(cursor)) }
            let remembered = hub.state.withLock { $0.ring.partitions }
            #expect(remembered == [key])
        }
    }
}
