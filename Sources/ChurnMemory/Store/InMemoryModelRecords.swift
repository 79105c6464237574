import ChurnCore
import ChurnInsight

/// A score that a customer was given.
struct GivenScore: Sendable {
    var version: String
    var probability: Double
    var time: Timestamp
    var eventID: Int64
}

extension InMemoryTables.Customer {
    mutating func remember(_ prediction: Prediction, at time: Timestamp, eventID: Int64, atMost limit: Int) {
        if self.given.count >= max(1, limit) { self.given.removeFirst() }
        self.given.append(
            GivenScore(
                version: prediction.model.version, probability: prediction.probability, time: time, eventID: eventID))
    }
}

/// The records of models and outcomes, in memory.
struct InMemoryModelRecords: Sendable {
    private struct CountKey: Hashable {
        var version: String
        var day: Int32
        var series: CountSeries
    }

    private struct ShadowKey: Hashable {
        var version: String
        var day: Int32
    }

    private struct OutcomeKey: Hashable {
        var customerID: String
        var time: Timestamp
    }

    private var counts: [CountKey: [Int64]] = [:]
    private var shadow: [String: [ShadowKey: ShadowScore]] = [:]
    private var outcomes: [OutcomeKey: CustomerOutcome] = [:]

    mutating func add(_ counts: [ModelCounts], shadow: [ShadowScore]) {
        for each in counts {
            let key = CountKey(version: each.version, day: each.day, series: each.series)
            let known = self.counts[key] ?? Array(repeating: 0, count: each.counts.count)
            self.counts[key] = zip(known, each.counts).map { $0 &+ $1 }
        }
        for score in shadow {
            let key = ShadowKey(version: score.version, day: score.time.day)
            if let known = self.shadow[score.customerID]?[key], known.time > score.time { continue }
            self.shadow[score.customerID, default: [:]][key] = score
        }
    }

    func counts(since day: Int32) -> [ModelCounts] {
        self.counts.filter { $0.key.day >= day }.map { key, counts in
            ModelCounts(version: key.version, day: key.day, series: key.series, counts: counts)
        }.sorted {
            ($0.version, $0.day, $0.series.rawValue) < ($1.version, $1.day, $1.series.rawValue)
        }
    }

    mutating func record(_ outcomes: [CustomerOutcome]) -> Int {
        outcomes.reduce(into: 0) { count, outcome in
            let key = OutcomeKey(customerID: outcome.customerID, time: outcome.time)
            let known = self.outcomes[key]
            // The same outcome again, without an event: what is known of its event stays.
            if let known, known.hasChurned == outcome.hasChurned, outcome.eventID == nil { return }
            self.outcomes[key] = outcome
            count += known == outcome ? 0 : 1
        }
    }

    /// The newest outcome of each of these customers.
    func newest(of customerIDs: Set<String>) -> [String: CustomerOutcome] {
        self.outcomes.values.reduce(into: [:]) { newest, outcome in
            guard customerIDs.contains(outcome.customerID) else { return }
            if let known = newest[outcome.customerID], known.time > outcome.time { return }
            newest[outcome.customerID] = outcome
        }
    }

    func judged(
        since time: Timestamp, horizon: Duration, served: (String) -> [GivenScore]
    ) -> [JudgedScore] {
        var judged: [JudgedScore] = []
        for (key, outcome) in self.outcomes where key.time >= time {
            func counts(_ scored: Timestamp) -> Bool { scored <= key.time && key.time < scored.advanced(by: horizon) }
            let given = served(key.customerID).enumerated().filter {
                counts($1.time) && $1.eventID < outcome.eventID ?? .max
            }
            if let last = given.max(by: { ($0.element.time, $0.offset) < ($1.element.time, $1.offset) })?.element {
                judged.append(
                    JudgedScore(
                        outcome: outcome, version: last.version, probability: last.probability, scored: last.time))
            }
            let shadow = (self.shadow[key.customerID] ?? [:]).values.filter {
                counts($0.time) && ($0.time < key.time || outcome.eventID == nil)
            }
            for (version, scores) in Dictionary(grouping: shadow, by: \.version) {
                guard let last = scores.max(by: { $0.time < $1.time }) else { continue }
                judged.append(
                    JudgedScore(outcome: outcome, version: version, probability: last.probability, scored: last.time))
            }
        }
        return judged.sorted {
            ($0.outcome.time, $0.outcome.customerID, $0.version) < ($1.outcome.time, $1.outcome.customerID, $1.version)
        }
    }
}

extension InMemoryStore: ModelRecords {
    /// Adds counts and shadow scores; see ``/ChurnInsight/ModelRecords/add(_:shadow:)``.
    public func add(_ counts: [ModelCounts], shadow: [ShadowScore]) async throws {
        self.tables.withLock { $0.modelRecords.add(counts, shadow: shadow) }
    }

    /// The counts of all models from a day on.
    public func modelCounts(since day: Int32) async throws -> [ModelCounts] {
        self.tables.withLock { $0.modelRecords.counts(since: day) }
    }

    /// Remembers outcomes.
    public func recordOutcomes(_ outcomes: [CustomerOutcome]) async throws -> Int {
        await self.writers.enter()
        defer { self.writers.leave() }
        return self.tables.withLock { tables in
            let count = tables.modelRecords.record(outcomes)
            let newest = tables.modelRecords.newest(of: Set(outcomes.map(\.customerID)))
            for (id, outcome) in newest { tables.follow(outcome, of: id) }
            return count
        }
    }

    /// Outcomes with the last score before each; see ``/ChurnInsight/ModelRecords/judgedScores(since:horizon:)``.
    public func judgedScores(since time: Timestamp, horizon: Duration) async throws -> [JudgedScore] {
        self.tables.withLock { tables in
            tables.modelRecords.judged(since: time, horizon: horizon) { tables.customers[$0]?.given ?? [] }
        }
    }
}

extension InMemoryTables {
    /// Makes a customer one that left or did not, as its newest outcome says and no later event contradicts.
    fileprivate mutating func follow(_ newest: CustomerOutcome, of id: String) {
        guard let customer = self.customer(id) else { return }
        let cameBack = customer.events.contains { $0.probability != nil && $0.time > newest.time }
        let left = newest.hasChurned && !cameBack ? newest.time : nil
        guard left != customer.state.leftAt else { return }
        self.customers[id]?.state.leftAt = left
        self.customers[id]?.state.version += 1
    }
}
