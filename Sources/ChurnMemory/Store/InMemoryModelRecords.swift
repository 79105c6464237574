public import ChurnCore
public import ChurnInsight

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
        var hour: Int32?
        var series: CountSeries
    }

    private struct OutcomeKey: Hashable {
        var customerID: String
        var time: Timestamp
    }

    private var counts: [CountKey: [Int64]] = [:]
    /// Oldest first, by customer and version.
    private var shadow: [String: [String: [ShadowScore]]] = [:]
    private var outcomes: [OutcomeKey: CustomerOutcome] = [:]

    mutating func add(_ counts: [ModelCounts], shadow: [ShadowScore]) {
        for each in counts {
            let key = CountKey(version: each.version, day: each.day, hour: each.hour, series: each.series)
            let known = self.counts[key] ?? Array(repeating: 0, count: each.counts.count)
            self.counts[key] = zip(known, each.counts).map { $0 &+ $1 }
        }
        for score in shadow {
            var scores = self.shadow[score.customerID]?[score.version] ?? []
            scores.removeAll { $0.time == score.time }
            scores.insert(score, at: scores.firstIndex { $0.time > score.time } ?? scores.endIndex)
            self.shadow[score.customerID, default: [:]][score.version] = scores
        }
        for score in shadow { self.thin(score.customerID, score.version, on: score.time.day) }
    }

    /// Keeps the first and the last score of a day, and those that were the last before an outcome.
    private mutating func thin(_ customerID: String, _ version: String, on day: Int32) {
        guard let scores = self.shadow[customerID]?[version] else { return }
        let outcomes = self.outcomes.keys.filter { $0.customerID == customerID }
        let kept = scores.enumerated().filter { index, score in
            guard score.time.day == day, index > 0, scores[index - 1].time.day == day, index + 1 < scores.count,
                scores[index + 1].time.day == day
            else { return true }
            return outcomes.contains { $0.time >= score.time && $0.time < scores[index + 1].time }
        }
        self.shadow[customerID]?[version] = kept.map(\.element)
    }

    func counts(since day: Int32) -> [ModelCounts] {
        self.counts.filter { $0.key.day >= day && $0.key.hour == nil }.map { key, counts in
            ModelCounts(version: key.version, day: key.day, series: key.series, counts: counts)
        }.sorted {
            ($0.version, $0.day, $0.series.rawValue) < ($1.version, $1.day, $1.series.rawValue)
        }
    }

    func counts(of version: String, since hour: Int32) -> [ModelCounts] {
        self.counts.compactMap { key, counts in
            guard key.version == version, let own = key.hour, own >= hour else { return nil }
            return ModelCounts(version: version, hour: own, series: key.series, counts: counts)
        }.sorted { ($0.hour ?? 0, $0.series.rawValue) < ($1.hour ?? 0, $1.series.rawValue) }
    }

    func outcomeCounts(in span: JudgementSpan) -> OutcomeCounts {
        self.outcomes.keys.reduce(into: OutcomeCounts()) { counts, key in
            if key.time < span.since {
                counts.earlier += 1
            } else if key.time <= span.until {
                counts.within += 1
            } else {
                counts.later += 1
            }
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

    func judged(in span: JudgementSpan, served: (String) -> [GivenScore]) -> [JudgedScore] {
        var judged: [JudgedScore] = []
        for (key, outcome) in self.outcomes where key.time >= span.since && key.time <= span.until {
            func counts(_ scored: Timestamp) -> Bool {
                scored.advanced(by: span.lead) <= key.time && key.time < scored.advanced(by: span.horizon)
            }
            let given = served(key.customerID).enumerated().filter {
                counts($1.time) && $1.eventID < outcome.eventID ?? .max
            }
            if let last = given.max(by: { ($0.element.time, $0.offset) < ($1.element.time, $1.offset) })?.element {
                judged.append(
                    JudgedScore(
                        outcome: outcome, version: last.version, probability: last.probability, scored: last.time))
            }
            for (version, scores) in self.shadow[key.customerID] ?? [:] {
                let last = scores.last { counts($0.time) && ($0.time < key.time || outcome.eventID == nil) }
                guard let last else { continue }
                judged.append(
                    JudgedScore(
                        outcome: outcome, version: version, probability: last.probability, scored: last.time,
                        champion: last.champion))
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

    /// The counts of a model by hours; see ``/ChurnInsight/ModelRecords/hourlyCounts(of:since:)``.
    public func hourlyCounts(of version: String, since hour: Int32) async throws -> [ModelCounts] {
        self.tables.withLock { $0.modelRecords.counts(of: version, since: hour) }
    }

    /// Counts outcomes; see ``/ChurnInsight/ModelRecords/outcomeCounts(in:)``.
    public func outcomeCounts(in span: JudgementSpan) async throws -> OutcomeCounts {
        self.tables.withLock { $0.modelRecords.outcomeCounts(in: span) }
    }

    /// Outcomes with the last score before each; see ``/ChurnInsight/ModelRecords/judgedScores(in:)``.
    public func judgedScores(in span: JudgementSpan) async throws -> [JudgedScore] {
        self.tables.withLock { tables in
            tables.modelRecords.judged(in: span) { tables.customers[$0]?.given ?? [] }
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
