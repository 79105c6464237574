import ChurnCore
import ChurnInsight

extension ModelRecordsContract {
    /// What judges an outcome, what does not, and that it stays so.
    static let judgements: [Check] = [
        Check("what judged an outcome is not replaced by the customer's later events of the day") {
            subject, findings in
            let store = subject.store
            _ = try await store.importCustomers([subject.samples.customer("C")])
            func judged() async throws -> [Double] {
                try await store.judgedScores(since: Self.time(0), horizon: .seconds(86_400)).map(\.probability)
            }
            try await store.add([], shadow: [Self.shadow(100, 0.1), Self.shadow(200, 0.2)])
            _ = try await store.recordOutcomes([Self.outcome("C", 250, true)])
            findings.expectEqual(try await judged(), [0.2], "the judged score")
            for (index, seconds) in [300, 400, 500].enumerated() {
                try await store.add([], shadow: [Self.shadow(Int64(seconds), 0.3 + Double(index) / 10)])
                findings.expectEqual(try await judged(), [0.2], "the judged score after \(seconds) s")
            }
            // Known late: the first score of the day is there still, and so is the last.
            _ = try await store.recordOutcomes([
                Self.outcome("C", 150, false), Self.outcome("C", 350, false), Self.outcome("C", 600, false),
            ])
            findings.expectEqual(try await judged(), [0.1, 0.2, 0.2, 0.5], "the judged scores of late outcomes")
        },
        Check("a shadow score has the champion's of the same event beside it") { subject, findings in
            _ = try await subject.store.importCustomers([subject.samples.customer("C")])
            try await subject.store.add([], shadow: [Self.shadow(10, 0.4, beside: 0.7)])
            _ = try await subject.store.recordOutcomes([Self.outcome("C", 20, true)])
            let judged = try await subject.store.judgedScores(since: Self.time(0), horizon: .seconds(100))
            findings.expectEqual(
                judged.map(\.champion), [PairedScore(version: "champion", probability: 0.7)], "the pairs")
        },
        Check("a score counts only from the lead before its outcome, and an outcome only within the span") {
            subject, findings in
            let store = subject.store
            try await Self.score(subject, [(0, 0.25), (100, 0.5)])
            try await store.add([], shadow: [Self.shadow(0, 0.1), Self.shadow(100, 0.2)])
            _ = try await store.recordOutcomes([
                Self.outcome("C", 50, true), Self.outcome("C", 120, true), Self.outcome("C", 700, false),
                Self.outcome("C", 9_000, false),
            ])
            var span = JudgementSpan(
                since: Self.time(100), until: Self.time(1_000), lead: .seconds(30), horizon: .seconds(5_000))
            var judged = try await store.judgedScores(in: span)
            findings.expectEqual(judged.map(\.probability), [0.25, 0.1, 0.5, 0.2], "the judged scores")
            span.lead = .seconds(20)
            judged = try await store.judgedScores(in: span)
            findings.expectEqual(judged.map(\.probability), [0.5, 0.2, 0.5, 0.2], "those of exactly the lead")
            let counts = try await store.outcomeCounts(in: span)
            findings.expectEqual(counts, OutcomeCounts(earlier: 1, within: 2, later: 1), "the counted outcomes")
        },
        Check("counts of hours are added up apart from those of days") { subject, findings in
            let store = subject.store
            func hour(_ hour: Int32, _ counts: [Int64], _ version: String = "a") -> ModelCounts {
                ModelCounts(version: version, hour: hour, series: .scores, counts: counts)
            }
            try await store.add([hour(480_001, [1, 2]), hour(480_000, [5, 5])], shadow: [])
            try await store.add(
                [hour(480_001, [1, 1]), hour(480_001, [9, 9], "b"), hour(479_999, [7, 7])], shadow: [])
            let hours = try await store.hourlyCounts(of: "a", since: 480_000)
            findings.expectEqual(hours, [hour(480_000, [5, 5]), hour(480_001, [2, 3])], "the hours")
            findings.expectEqual(try await store.modelCounts(since: 0), [], "the days")
        },
    ]

    private static func shadow(_ seconds: Int64, _ probability: Double, beside champion: Double? = nil) -> ShadowScore {
        ShadowScore(
            customerID: "C", version: "x", probability: probability, time: self.time(seconds),
            champion: champion.map { PairedScore(version: "champion", probability: $0) })
    }
}
