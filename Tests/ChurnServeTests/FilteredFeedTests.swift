import ChurnCore
import ChurnMemory
import NIOCore
import NIOPosix
import ServeTestSupport
import Testing

@testable import ChurnServe

/// The updates that subscribers with filters and conflation get of a stream in which every update is known.
@Suite(.timeLimit(.minutes(2))) struct FilteredFeedTests {
    private struct Update {
        var partition: Int32
        var number: Int64
        var customer: String
        var band: RiskBand
        var segment: String
    }

    private static let bands = RiskBand.allCases
    private static let segments = ["Month-to-month", "One year", "Two year"]

    private static func update(partition: Int32, number: Int64) -> Update {
        let mixed = UInt64(bitPattern: number &* 2_654_435_761 &+ Int64(partition) &* 97)
        return Update(
            partition: partition, number: number, customer: "c\(mixed % 13)", band: Self.bands[Int(mixed >> 8 & 3)],
            segment: Self.segments[Int(mixed >> 16) % 3])
    }

    private static func text(partition: Int32) -> (Int64) -> (text: String, headers: UpdateHeader) {
        { number in
            let update = Self.update(partition: partition, number: number)
            return FeedText.fullFrame(
                partition: partition, number: number, customer: update.customer, band: update.band,
                segment: update.segment)
        }
    }

    private func numbers(_ items: [FeedText.Item]) -> [String] {
        items.compactMap { item -> String? in
            guard case .update(let partition, let number) = item else { return nil }
            return "\(partition)/\(number)"
        }
    }

    private struct Case {
        var filter: [(UpdateFilter.Field, String)]
        var wants: @Sendable (Update) -> Bool
    }

    private static let filters: [Case] = [
        Case(filter: [(.band, "High"), (.band, "Critical")]) { $0.band >= .high },
        Case(filter: [(.customer, "c3")]) { $0.customer == "c3" },
        Case(filter: [(.segment, "One year"), (.band, "Low")]) { $0.segment == "One year" && $0.band == .low },
        Case(filter: [(.type, "new_event")]) { $0.band < .high },
        Case(filter: [(.eventType, "contract_upgrade")]) { $0.number % 2 == 0 },
        Case(filter: [(.customer, "nobody")]) { _ in false },
    ]

    @Test(
        "a filtered subscriber that is slow and resumes gets each matching update once, in order",
        arguments: 0..<6, [UInt64(1), 2, 3])
    func filtered(_ index: Int, _ seed: UInt64) async throws {
        let selected = Self.filters[index]
        var random = SeededRandom(seed: seed)
        var options = SubscriptionOptions()
        for (field, value) in selected.filter { try options.filter.add(value, to: field) }
        let store = InMemoryStore(domain: .telco)
        var configuration = UpdateHubConfiguration()
        configuration.pollInterval = .milliseconds(5)
        configuration.ringFrames = 40
        configuration.framesPerCursor = 3
        try await withRunningHub(over: store, configuration) { hub in
            var feed = TestFeed(store: store)
            let eventLoop = MultiThreadedEventLoopGroup.singleton.next()
            var got: [String] = []
            var expected: [Int32: [String]] = [:]
            var subscriber = try await FakeSubscriber(hub: hub, eventLoop: eventLoop, options: options, room: 5)
            try await eventually("the cursor came") { try await !subscriber.items.isEmpty }
            for _ in 0..<120 {
                let partition = Int32(random.index(below: 3))
                let block = try await feed.write(
                    1 + random.index(below: 6), partition: partition, text: Self.text(partition: partition))
                for number in block.numbers where selected.wants(Self.update(partition: partition, number: number)) {
                    expected[partition, default: []].append("\(partition)/\(number)")
                }
                if random.chance(0.7) { hub.publish([block]) }
                if random.chance(0.3) { try await subscriber.drain(room: random.index(below: 30)) }
                guard random.chance(0.05) else { continue }
                // Cut off: what came after the last cursor is forgotten, and must come again.
                let items = try await subscriber.items
                try await subscriber.disconnect()
                guard let last = items.lastIndex(where: { if case .cursor = $0 { true } else { false } }),
                    case .cursor(let cursor) = items[last]
                else { continue }
                got += self.numbers(Array(items[..<last]))
                options.cursor = cursor
                subscriber = try await FakeSubscriber(hub: hub, eventLoop: eventLoop, options: options, room: 5)
            }
            try await subscriber.drain(room: .max)
            let total = expected.values.reduce(0) { $0 + $1.count }
            try await eventually("all came") { try await got.count + self.numbers(subscriber.items).count >= total }
            got += self.numbers(try await subscriber.items)
            for partition in Int32(0)..<3 {
                #expect(got.filter { $0.hasPrefix("\(partition)/") } == expected[partition] ?? [])
            }
        }
    }

    @Test("a filter that nothing passes still moves the cursor")
    func cursorAdvances() async throws {
        var hub = UpdateHubConfiguration()
        hub.cursorInterval = .milliseconds(50)
        var limits = ServerLimits()
        limits.writeStallTimeout = .milliseconds(400)
        try await ServeHarness.run(limits: limits, hub: hub) { server in
            let client = try await WebSocketClient.connect(port: server.port, query: "?customer=nobody")
            try await eventually("the cursor came") { client.lastCursor != nil }
            var feed = TestFeed(store: server.store)
            server.hub.publish([try await feed.write(9, text: Self.text(partition: 0))])
            try await eventually("a cursor behind the updates came") {
                client.lastCursor.flatMap { UpdateCursor(text: $0) }?.seen.values.contains(8) == true
            }
            #expect(FeedText.numbers(in: client.texts).isEmpty)
            client.raw.close()
        }
    }

    @Test("a command replaces the filter, is confirmed, and holds for what comes after it")
    func command() async throws {
        var hub = UpdateHubConfiguration()
        hub.cursorInterval = .milliseconds(50)
        try await ServeHarness.run(limits: .patient, hub: hub) { server in
            var feed = TestFeed(store: server.store)
            let client = try await WebSocketClient.connect(port: server.port, query: "?customer=nobody")
            try await eventually("the cursor came") { client.lastCursor != nil }
            server.hub.publish([try await feed.write(10, text: Self.text(partition: 0))])
            try await eventually("the first filter has seen them") {
                client.lastCursor.flatMap { UpdateCursor(text: $0) }?.seen.values.contains(9) == true
            }
            try await client.send(#"{"type":"filter","filter":{"segment":["One year","Two year"]}}"#)
            try await eventually("it was confirmed") {
                client.texts.contains(#"{"type":"filter","payload":{"segment":["One year","Two year"]}}"#)
            }
            server.hub.publish([try await feed.write(40, text: Self.text(partition: 0))])
            let expected = (Int64(10)..<50).filter { Self.update(partition: 0, number: $0).segment != "Month-to-month" }
            try await eventually("the matching ones came") {
                FeedText.numbers(in: client.texts).count >= expected.count
            }
            #expect(FeedText.numbers(in: client.texts) == expected)
            client.raw.close()
        }
    }

    @Test(
        "who conflates gets the newest update of each customer that waits, and the count of the others",
        arguments: [false, true])
    func conflation(_ fallsBehindTheRing: Bool) async throws {
        let store = InMemoryStore(domain: .telco)
        var configuration = UpdateHubConfiguration()
        configuration.pollInterval = .milliseconds(5)
        configuration.ringFrames = fallsBehindTheRing ? 50 : 10_000
        try await withRunningHub(over: store, configuration) { hub in
            var feed = TestFeed(store: store)
            let subscriber = try await FakeSubscriber(
                hub: hub, eventLoop: MultiThreadedEventLoopGroup.singleton.next(),
                options: SubscriptionOptions(conflates: true), room: 1)
            try await eventually("the cursor came") { try await !subscriber.items.isEmpty }
            for _ in 0..<20 { hub.publish([try await feed.write(10, text: Self.text(partition: 0))]) }
            try await eventually("the hub has all") { hub.state.withLock { $0.ring.heads } == [199] }
            try await subscriber.drain(room: .max)
            try await eventually("the newest came") {
                try await subscriber.items.contains(.update(partition: 0, number: 199))
            }
            let items = try await subscriber.items
            let sent = self.numbers(items).compactMap { Int64($0.dropFirst(2)) }
            let skipped = items.reduce(0) { sum, item in
                guard case .other(let text) = item, text.hasPrefix(#"{"type":"skipped","payload":{"count":"#) else {
                    return sum
                }
                return sum + (Int(text.dropFirst(37).prefix { $0.isNumber }) ?? 0)
            }
            #expect(sent == sent.sorted())
            #expect(Set(sent).count == sent.count)
            #expect(sent.count + skipped == 200)
            var newest: [String: Int64] = [:]
            for number in Int64(0)..<200 { newest[Self.update(partition: 0, number: number).customer] = number }
            // The last word on every customer is never left out.
            #expect(Set(newest.values).isSubset(of: Set(sent)))
            if !fallsBehindTheRing { #expect(Set(newest.values) == Set(sent)) }
        }
    }
}
