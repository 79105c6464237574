import ChurnCore
import ChurnInsight
import ChurnStore
import Foundation

/// Measures queries that are asked at once while events are written and the projection follows them.
struct LoadBenchmark {
    let configuration: PostgresConfiguration
    let seconds: Int
    let eventsPerSecond: Int
    let clients: Int

    func run() async throws {
        let store = try PostgresStore(self.configuration, domain: .telco, logger: QueryBenchmark.logger)
        let feed = CustomerProjectionFeed(store: store, health: HealthBoard(), logger: QueryBenchmark.logger)
        try await feed.reload()
        let customers = try await store.customerCount()
        let middle = try await feed.watchlist(WatchlistQuery(offset: customers / 2)).next
        let newest = try await feed.events(before: nil, limit: 1).first?.event.eventID ?? 0
        let queries = BenchmarkQueries.all(feed, store, customers, newest, middle)
        let end = ContinuousClock.now + .seconds(self.seconds)
        let times = try await withThrowingTaskGroup(of: [String: [Duration]].self) { group in
            for client in 0..<self.clients {
                group.addTask {
                    var times: [String: [Duration]] = [:]
                    var round = client * 31
                    while ContinuousClock.now < end {
                        for (name, query) in queries {
                            let number = round
                            let time = try await ContinuousClock().measure { try await query(number) }
                            times[name, default: []].append(time)
                        }
                        round += 1
                    }
                    return times
                }
            }
            group.addTask {
                let written = try await self.write(to: store, customers: customers, until: end)
                print("\(written) events written in \(self.seconds) s beside \(self.clients) clients")
                return [:]
            }
            let following = Task { try await feed.run() }  // ended below, with the last client
            var all: [String: [Duration]] = [:]
            for try await times in group { all.merge(times) { $0 + $1 } }
            following.cancel()
            _ = await following.result
            return all
        }
        for (name, _) in queries { times[name].map { QueryBenchmark.report(name, $0) } }
        await store.close()
    }

    /// Writes events of random customers, twenty batches a second, as far behind as it may be.
    private func write(to store: PostgresStore, customers: Int, until end: ContinuousClock.Instant) async throws -> Int
    {
        let size = max(1, self.eventsPerSecond / 20)
        var batches = BenchmarkBatches(customers: customers)
        var due = ContinuousClock.now
        var written = 0
        while ContinuousClock.now < end {
            guard case .written = try await store.write(try await batches.next(from: store, size: size)) else {
                throw ChurnError(
                    .storeUnavailable, .fatal, during: "write a batch", advice: "Another program writes customers.")
            }
            written += size
            due += .milliseconds(50)
            try await Task.sleep(until: due)
        }
        return written
    }
}

/// Batches of events as the pipeline makes them: a customer's score, and a frame for each event.
struct BenchmarkBatches {
    private let customers: Int
    private let partition = StreamPartition(
        stream: StreamIdentity(name: StreamName(cluster: "bench", topic: UUID().uuidString)), partition: 0)
    private var offset: Int64 = 0

    init(customers: Int) { self.customers = customers }

    mutating func next(from store: PostgresStore, size: Int) async throws -> ScoredBatch {
        let ids = Set(
            (0..<size).map { _ in "C-" + String(10_000_000 + Int.random(in: 0..<self.customers)).dropFirst() })
        let states = try await store.states(for: Array(ids)).values.sorted { $0.id < $1.id }
        let first = try await store.reserveEventIDs(states.count)
        let time = Timestamp.systemNow()
        var batch = ScoredBatch(ranges: [
            OffsetRange(partition: self.partition, from: self.offset, to: self.offset + Int64(states.count))
        ])
        var (bytes, ends) = ([UInt8](), [Int]())
        for (index, state) in states.enumerated() {
            let offset = self.offset + Int64(index)
            let probability = Double(Float.random(in: 0..<1))
            var next = state
            next.version += 1
            next.latest = LatestScore(
                probability: probability, band: RiskBands().band(of: probability), time: time)
            let event = CustomerEvent(
                position: StreamPosition(partition: self.partition, offset: offset), customerID: state.id,
                type: EventType(rawValue: "contract_downgrade"), time: time, recordTime: time,
                json: Array(#"{"event_type":"contract_downgrade","user_id":"\#(state.id)"}"#.utf8))
            batch.events.append(
                ScoredEvent(
                    eventID: first + Int64(index), event: event,
                    prediction: Prediction(
                        customerID: state.id, probability: probability, band: RiskBands().band(of: probability),
                        model: ModelIdentity(version: "bench"), stateVersion: next.version,
                        alert: AlertDecision(isAlert: probability > 0.7, becameAtRisk: false))))
            batch.changes.append(StateChange(state: next, readVersion: state.version, featuresChanged: false))
            bytes +=
                #"{"type":"new_event","payload":{"user_id":"\#(state.id)","churn_probability":\#(probability)}}"#.utf8
            ends.append(bytes.count)
        }
        batch.updates = [
            UpdateBlock(
                partition: self.partition, previous: self.offset == 0 ? nil : self.offset - 1,
                numbers: Array(self.offset..<self.offset + Int64(states.count)), bytes: bytes, ends: ends)
        ]
        self.offset += Int64(states.count)
        return batch
    }
}
