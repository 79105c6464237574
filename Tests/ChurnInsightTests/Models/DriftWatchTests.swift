import ChurnMemory
import ChurnTesting
import Foundation
import Logging
import Testing

@testable import ChurnCore
@testable import ChurnInsight

@Suite("Drift is reported once, and by chance hardly ever", .timeLimit(.minutes(10))) struct DriftWatchTests {
    private static let start: Int32 = 490_008

    /// Watches a stream hour by hour.
    private struct Scene {
        var stream: DriftStream
        let store = InMemoryStore(domain: .telco)
        let board = HealthBoard()
        let lines = RecordedLines()
        private let watch: DriftWatch

        init(bins: [Int] = [11, 6, 11], seed: UInt64) {
            self.stream = DriftStream(bins: bins, seed: seed)
            self.watch = DriftWatch(
                log: self.store, health: self.board, logger: Logger(label: "test") { [lines] _ in lines.handler })
        }

        mutating func hour(_ hour: Int32, customers: Double, events: Int64 = 1, shift: Double = 0) async throws {
            self.stream.add(hour, customers: customers, events: events, shift: shift)
            try await self.watch.take(
                self.stream.health(at: hour), at: Timestamp(hour: hour + 1))
        }

        func episodes() async throws -> [DriftEpisode] {
            try await self.store.driftEpisodes(since: Timestamp(microseconds: 0))
        }
    }

    @Test("a day that shifts after 29 stable ones is found within an hour, once, and is over afterwards")
    func shifted() async throws {
        var scene = Scene(seed: 1)
        let shifted = Self.start + 29 * 24
        for hour in Self.start..<shifted { try await scene.hour(hour, customers: 800) }
        #expect(try await scene.episodes() == [])
        #expect(scene.board.all["drift"] == nil)
        for hour in shifted..<shifted + 24 { try await scene.hour(hour, customers: 800, shift: 0.7) }
        var episodes = try await scene.episodes()
        #expect(episodes.map(\.began) == [Timestamp(hour: shifted + 1)])
        #expect(episodes.map(\.window) == [.hour])
        #expect(episodes.first?.columns == ["column 0", "column 1", "column 2"])
        #expect(scene.board.all["drift"]?.reason?.contains("column 0") == true)
        #expect(scene.board.isReady)
        for hour in shifted + 24..<shifted + 72 { try await scene.hour(hour, customers: 800) }
        episodes = try await scene.episodes()
        #expect(episodes.count == 1 && episodes[0].ended != nil)
        #expect(scene.board.all["drift"] == nil)
        #expect(
            scene.lines.all == [
                "warning Customers are no longer like those that the model learned from", "notice Drift is over",
            ])
    }

    /// The stable days that are watched; the long form (`make evidence ARGS=drift`) has 1,500.
    private static let days =
        ProcessInfo.processInfo.environment["CHURN_TEST_DRIFT_DAYS"].flatMap { Int32($0) } ?? 150

    @Test("at most one alarm in 1,000 stable days, with many and with few customers, and with many bins")
    func falseAlarms() async throws {
        var alarms = 0
        for (index, customers) in [40.0, 300, 900].enumerated() {
            var scene = Scene(bins: [11, 60, 11], seed: UInt64(index) + 7)
            for hour in Self.start..<Self.start + Self.days / 3 * 24 {
                try await scene.hour(hour, customers: customers)
            }
            alarms += try await scene.episodes().count
        }
        #expect(alarms <= Int(Self.days) / 1_000)
    }

    @Test("few customers with many events are few, and an hour with few events says nothing")
    func few() async throws {
        var scene = Scene(seed: 3)
        for hour in Self.start..<Self.start + 40 * 24 {
            try await scene.hour(hour, customers: 20, events: hour % 2 == 0 ? 100 : 1)
        }
        #expect(try await scene.episodes() == [])
        let health = scene.stream.health(at: Self.start + 40 * 24 - 1)
        #expect(health.windows.map(\.window) == DriftWindow.allCases)
        var small = DriftStream(bins: [11, 11], seed: 4)
        small.add(Self.start, customers: 100, shift: 1)
        #expect(small.health(at: Self.start).windows[0].columns.allSatisfy { $0.status == .insufficient })
    }

    @Test("the effective number of customers is that of Kish")
    func effective() throws {
        var (equal, uneven) = (CustomerSketch(), CustomerSketch())
        for customer in 0..<2_000 {
            for _ in 0..<5 { equal.add("C\(customer)") }
            // A tenth has nine tenths of the events: (10 * 1800 + 90 * 200)^2 over the sum of their squares.
            for _ in 0..<(customer < 200 ? 90 : 1) { uneven.add("C\(customer)") }
        }
        let even = try #require(CustomerSketch.effectiveCount(equal.bins))
        #expect(abs(even / 2_000 - 1) < 0.3)
        let (total, squares) = (200.0 * 90 + 1_800, 200.0 * 8_100 + 1_800)
        let few = try #require(CustomerSketch.effectiveCount(uneven.bins))
        #expect(abs(few / (total * total / squares) - 1) < 0.3)
        #expect(CustomerSketch.effectiveCount([]) == nil)
    }

    @Test("the drift of a model ends where another one serves")
    func promotion() async throws {
        var scene = Scene(seed: 5)
        try await scene.hour(Self.start, customers: 900, shift: 0.9)
        #expect(try await scene.episodes().count == 1)
        var health = scene.stream.health(at: Self.start)
        health.models[0].version = "n"
        health.windows = health.windows.map { window in
            var window = window
            for index in window.columns.indices { window.columns[index].status = .stable }
            return window
        }
        let watch = DriftWatch(
            log: scene.store, health: scene.board, logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
        try await watch.take(health, at: Timestamp(hour: Self.start + 2))
        #expect(try await scene.episodes().map(\.ended) == [Timestamp(hour: Self.start + 2)])
        #expect(scene.board.all["drift"] == nil)
    }
}

/// The lines that were logged, each with its level.
private final class RecordedLines: Sendable {
    private let lines = Locked<[String]>([])
    var all: [String] { self.lines.withLock { $0 } }
    var handler: any LogHandler { Handler(lines: self.lines) }

    private struct Handler: LogHandler {
        let lines: Locked<[String]>
        var logLevel = Logger.Level.trace
        var metadata: Logger.Metadata = [:]

        subscript(metadataKey key: String) -> Logger.Metadata.Value? {
            get { self.metadata[key] }
            set { self.metadata[key] = newValue }
        }

        func log(event: LogEvent) {
            self.lines.withLock { $0.append("\(event.level) \(event.message)") }
        }
    }
}
