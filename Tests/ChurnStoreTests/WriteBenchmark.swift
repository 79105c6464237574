import ChurnCore
import Foundation
import Testing

@testable import ChurnStore

/// The rate at which batches are written and the cost of each statement.
///
/// Prints; asserts nothing about speed.
///
///     CHURN_BENCH=1 swift test -c release -Xswiftc -enable-testing --filter WriteBenchmark
@Suite(
    .enabled(if: TestDatabase.isThere, TestDatabase.absence),
    .enabled(if: ProcessInfo.processInfo.environment["CHURN_BENCH"] == "1", "set CHURN_BENCH=1 to measure"),
    .serialized)
struct WriteBenchmark {
    private static let batchSize = 1_000
    private static let batches = 60

    @Test("prints events a second of write and of reading", arguments: [7_043, 100_000])
    func throughput(customers: Int) async throws {
        try await TestDatabase.with { database in
            let store = try database.makeStore()
            var load = Load(customers: customers)
            try await load.fill(store)
            // The first batches prepare statements and warm the server's cache.
            for _ in 0..<5 { _ = try await store.write(try await load.next(store, size: Self.batchSize)) }
            try await database.run("CHECKPOINT")
            var (writing, reading) = (Duration.zero, Duration.zero)
            for _ in 0..<Self.batches {
                let (batch, read) = try await load.timed(store, size: Self.batchSize)
                reading += read
                writing += try await ContinuousClock().measure {
                    let outcome = try await store.write(batch)
                    #expect(outcome.isWritten)
                }
            }
            let events = Double(Self.batches * Self.batchSize)
            print(
                "customers \(customers): write \(Int(events / (writing / .seconds(1)))) events/s,",
                "read \(Int(events / (reading / .seconds(1)))) customers/s")
            await store.close()
        }
    }

    @Test("prints the microseconds an event by statement", arguments: [7_043, 100_000])
    func statements(customers: Int) async throws {
        try await TestDatabase.with { database in
            let store = try database.makeStore()
            var load = Load(customers: customers)
            try await load.fill(store)
            for _ in 0..<5 { _ = try await store.write(try await load.next(store, size: Self.batchSize)) }
            try await database.run("CHECKPOINT")
            var spent: [String: Duration] = [:]
            for _ in 0..<Self.batches {
                let batch = try await load.next(store, size: Self.batchSize)
                let names = try await store.names(of: batch.ranges, batch)
                var steps = BatchSteps()
                spent["(encode)", default: .zero] += try ContinuousClock().measure {
                    try steps.add(batch, names: names, store: store, usersGuard: store.knownGuard.value)
                }
                let sent = steps.works
                let times = try await store.pool.withConnection("measure") { connection in
                    try connection.run("BEGIN")
                    var times: [(String, Duration)] = []
                    for work in sent {
                        let time = try ContinuousClock().measure { _ = try connection.run([work])[0].get() }
                        if case .statement(let step) = work {
                            times.append((step.statement.name, time))
                        } else {
                            times.append(("copy_events", time))
                        }
                    }
                    times.append(("(commit)", try ContinuousClock().measure { try connection.run("COMMIT") }))
                    return times
                }
                for (name, time) in times { spent[name, default: .zero] += time }
            }
            for (name, time) in spent.sorted(by: { $0.value > $1.value }) {
                let each = time / .microseconds(1) / Double(Self.batches * Self.batchSize)
                print("customers \(customers): \(name) \((each * 100).rounded() / 100) us an event")
            }
            await store.close()
        }
    }
}

/// Batches as the pipeline makes them: random customers, half of the events change features, a frame for each event.
private struct Load {
    let customers: Int
    private var random = SystemRandomNumberGenerator()
    private var offsets: [Int64] = Array(repeating: 0, count: 12)
    private var batch = 0

    init(customers: Int) { self.customers = customers }

    func fill(_ store: PostgresStore) async throws {
        let customers = (0..<self.customers).map { Samples.customer(Self.id($0), $0 % 70) }
        _ = try await store.importCustomers(customers)
        try await store.pool.withConnection("analyze") { try $0.run("VACUUM ANALYZE users") }
    }

    private static func id(_ number: Int) -> String { "\(1_000 + number % 9_000)-\(String(number, radix: 36))" }

    mutating func next(_ store: PostgresStore, size: Int) async throws -> ScoredBatch {
        try await self.timed(store, size: size).0
    }

    mutating func timed(_ store: PostgresStore, size: Int) async throws -> (ScoredBatch, Duration) {
        let partition = Int32(self.batch % 12)
        self.batch += 1
        let from = self.offsets[Int(partition)]
        self.offsets[Int(partition)] += Int64(size)
        let ids = (0..<size).map { _ in Self.id(Int.random(in: 0..<self.customers, using: &self.random)) }
        var states: [String: CustomerState] = [:]
        let reading = try await ContinuousClock().measure { states = try await store.states(for: ids) }
        let first = try await store.reserveEventIDs(size)
        var changes: [String: StateChange] = [:]
        var (events, bytes, ends) = ([ScoredEvent](), [UInt8](), [Int]())
        let padding = String(repeating: "x", count: 300)
        for (index, id) in ids.enumerated() {
            guard let state = states[id] else { continue }
            let offset = from + Int64(index)
            var change = changes[id] ?? StateChange(state: state, readVersion: state.version, featuresChanged: false)
            if index % 2 == 0 {
                change.state.features[4] = .number(Double(index))
                change.state.version += 1
                change.featuresChanged = true
            }
            change.state.latest = LatestScore(probability: 0.5, band: .medium, time: Samples.time)
            changes[id] = change
            events.append(
                Samples.scored(
                    Samples.event(id, offset: offset, partition: partition), id: first + Int64(index),
                    version: change.state.version))
            bytes += #"{"type":"new_event","payload":{"number":\#(offset),"user_id":"\#(id)","x":"\#(padding)"}}"#.utf8
            ends.append(bytes.count)
        }
        let block = UpdateBlock(
            partition: Samples.partition(partition), previous: from == 0 ? nil : from - 1,
            numbers: Array(from..<from + Int64(size)), bytes: bytes, ends: ends)
        let batch = ScoredBatch(
            ranges: [Samples.range(from, from + Int64(size), partition: partition)], events: events,
            changes: changes.values.sorted { $0.state.id < $1.state.id }, updates: [block])
        return (batch, reading)
    }
}
