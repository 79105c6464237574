public import ChurnCore
public import ChurnInsight

/// The contract of every keeper of models' records.
public enum ModelRecordsContract {
    /// A store that keeps records and takes the batches whose scores are judged.
    public typealias Store = ModelRecords & TransactionalStore & CustomerDirectory
    /// One promise.
    public typealias Check = ContractCheck<StoreUnderTest<any Store>>

    /// The promises.
    public static let checks: [Check] = records + eventOutcomes + judgements

    private static let records: [Check] = [
        Check("counts of one model, day and series are added up, in the order of their names") { subject, findings in
            let store = subject.store
            func counts(_ version: String, _ day: Int32, _ series: CountSeries, _ counts: [Int64]) -> ModelCounts {
                ModelCounts(version: version, day: day, series: series, counts: counts)
            }
            let tenure = CountSeries.feature("tenure")
            try await store.add(
                [counts("b", 20_000, .scores, [1, 2, 3]), counts("a", 20_000, tenure, [5, 0])], shadow: [])
            try await store.add(
                [counts("b", 20_000, .scores, [10, 0, -1]), counts("b", 20_001, .scores, [7, 7, 7])], shadow: [])
            let all = try await store.modelCounts(since: 20_000)
            findings.expectEqual(
                all,
                [
                    counts("a", 20_000, tenure, [5, 0]), counts("b", 20_000, .scores, [11, 2, 2]),
                    counts("b", 20_001, .scores, [7, 7, 7]),
                ], "the counts")
            let newer = try await store.modelCounts(since: 20_001)
            findings.expectEqual(newer.map(\.day), [20_001], "the days of the newer counts")
        },
        Check("an outcome counts once, and a corrected one takes its place") { subject, findings in
            let (first, second) = (Self.outcome("C", 10, true), Self.outcome("D", 10, false))
            var count = try await subject.store.recordOutcomes([first, second])
            findings.expectEqual(count, 2, "the new outcomes")
            count = try await subject.store.recordOutcomes([first, Self.outcome("D", 10, true)])
            findings.expectEqual(count, 1, "the changed outcomes")
            count = try await subject.store.recordOutcomes([])
            findings.expectEqual(count, 0, "of none")
        },
        Check("an outcome is held against the last score before it, not older than the horizon") {
            subject, findings in
            let store = subject.store
            try await Self.score(subject, [(0, 0.25), (100, 0.5), (200, 0.75)])
            _ = try await store.recordOutcomes([
                Self.outcome("C", 150, true), Self.outcome("C", 200, false), Self.outcome("C", 1_000, true),
                Self.outcome("C", -1, false), Self.outcome("nobody", 150, true),
            ])
            let judged = try await store.judgedScores(since: Self.time(-100), horizon: .seconds(300))
            findings.expectEqual(
                judged,
                [
                    Self.judged("C", 150, true, 0.5, 100), Self.judged("C", 200, false, 0.75, 200),
                ], "the judged scores")
            let newer = try await store.judgedScores(since: Self.time(160), horizon: .seconds(300))
            findings.expectEqual(newer.map(\.probability), [0.75], "the newer ones")
            let longer = try await store.judgedScores(since: Self.time(160), horizon: .seconds(800))
            findings.expectEqual(longer.map(\.probability), [0.75], "the age of exactly the horizon is too old")
        },
        Check("a challenger's shadow scores are judged beside those that were served") { subject, findings in
            try await Self.score(subject, [(0, 0.25)])
            func shadow(_ seconds: Int64, _ probability: Double, _ version: String = "x") -> ShadowScore {
                ShadowScore(
                    customerID: "C", version: version, probability: probability, time: Self.time(seconds))
            }
            // The first and the newest of a day stay; one of the next day is another.
            try await subject.store.add([], shadow: [shadow(10, 0.1), shadow(30, 0.3), shadow(20, 0.2)])
            try await subject.store.add([], shadow: [shadow(25, 0.9), shadow(86_400 + 5, 0.4), shadow(15, 0.6, "y")])
            _ = try await subject.store.recordOutcomes([
                Self.outcome("C", 100, true), Self.outcome("C", 86_400 + 50, false),
            ])
            let judged = try await subject.store.judgedScores(since: Self.time(0), horizon: .seconds(200_000))
            findings.expectEqual(
                judged,
                [
                    Self.judged("C", 100, true, 0.25, 0), Self.judged("C", 100, true, 0.3, 30, "x"),
                    Self.judged("C", 100, true, 0.6, 15, "y"),
                    Self.judged("C", 86_450, false, 0.25, 0), Self.judged("C", 86_450, false, 0.4, 86_405, "x"),
                    Self.judged("C", 86_450, false, 0.6, 15, "y"),
                ], "the judged scores")
        },
    ]

    static func time(_ seconds: Int64) -> Timestamp { StoreSamples.time.advanced(by: .seconds(seconds)) }

    static func outcome(
        _ id: String, _ seconds: Int64, _ hasChurned: Bool, eventID: Int64? = nil
    ) -> CustomerOutcome {
        CustomerOutcome(customerID: id, time: self.time(seconds), hasChurned: hasChurned, eventID: eventID)
    }

    static func judged(
        _ id: String, _ seconds: Int64, _ hasChurned: Bool, _ probability: Double, _ scored: Int64,
        _ version: String = "contract-model", eventID: Int64? = nil
    ) -> JudgedScore {
        JudgedScore(
            outcome: self.outcome(id, seconds, hasChurned, eventID: eventID), version: version,
            probability: probability,
            scored: self.time(scored))
    }

    /// Writes scores of the customer C; an event's offset is its time in seconds.
    static func score(
        _ subject: StoreUnderTest<any Store>, _ scores: [(offset: Int64, probability: Double)]
    ) async throws {
        let samples = subject.samples
        _ = try await subject.store.importCustomers([samples.customer("C")])
        var batch = ScoredBatch(ranges: [samples.range(0, 0, 1_000)])
        for (index, score) in scores.enumerated() {
            batch.events.append(
                samples.scored(
                    samples.event("C", offset: score.offset), id: Int64(index) + 1, probability: score.probability))
        }
        guard case .written = try await subject.store.write(batch) else { throw ContractFindings.Stop() }
    }
}
