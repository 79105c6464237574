import ChurnCore
import ChurnInsight

extension ModelRecordsContract {
    /// Outcomes that events report, which become durable with their batch.
    static let eventOutcomes: [Check] = [
        Check("an outcome that an event reports is written with its batch, once, and not without it") {
            subject, findings in
            let store = subject.store
            try await Self.score(subject, [(0, 0.25)])
            func judged() async throws -> [JudgedScore] {
                try await store.judgedScores(since: Self.time(0), horizon: .seconds(10_000))
            }
            var batch = Self.batch(subject, offset: 1_000, id: 2, probability: 0.9)
            batch.outcomes = [Self.outcome("C", 1_000, true, eventID: 2)]
            var fenced = batch
            fenced.ranges = [subject.samples.range(0, 5, 1_001)]
            var outcome = try await store.write(fenced)
            findings.expect(outcome.fenced != nil, "the outcome is \(outcome), expected fenced")
            findings.expectEqual(try await judged(), [], "the judged scores after a fenced write")
            var conflicted = batch
            conflicted.changes = [subject.samples.change(of: subject.samples.customer("ghost"), to: 1)]
            outcome = try await store.write(conflicted)
            findings.expect(outcome.isConflicted, "the outcome is \(outcome), expected conflicted")
            findings.expectEqual(try await judged(), [], "the judged scores after a conflict")
            outcome = try await store.write(batch)
            findings.expect(outcome.isWritten, "the outcome is \(outcome), expected written")
            let expected = [Self.judged("C", 1_000, true, 0.25, 0, eventID: 2)]
            findings.expectEqual(try await judged(), expected, "the judged scores")
            outcome = try await store.write(batch)
            findings.expect(outcome.fenced != nil, "the outcome of the repeated write is \(outcome), expected fenced")
            findings.expectEqual(try await judged(), expected, "the judged scores after it came again")
        },
        Check("an outcome is written with a batch that is made under locks") { subject, findings in
            try await Self.score(subject, [(0, 0.25)])
            let made = Self.batch(subject, offset: 1_000, id: 2, probability: 0.9)
            let written = try await subject.store.write(ranges: made.ranges, customers: ["C"], keys: []) { _ in
                var batch = made
                batch.outcomes = [Self.outcome("C", 1_000, false, eventID: 2)]
                return batch
            }
            findings.expect(written.isWritten, "the outcome is \(written), expected written")
            let judged = try await subject.store.judgedScores(since: Self.time(0), horizon: .seconds(10_000))
            findings.expectEqual(judged, [Self.judged("C", 1_000, false, 0.25, 0, eventID: 2)], "the judged scores")
        },
        Check("scores that knew the outcome do not count: the event's own, later ones, and shadows of the moment") {
            subject, findings in
            let store = subject.store
            try await Self.score(subject, [(0, 0.25), (10, 0.5)])
            var batch = Self.batch(subject, offset: 1_000, id: 7, probability: 0.9)
            batch.outcomes = [Self.outcome("C", 1_000, true, eventID: 7)]
            _ = try await store.write(batch)
            // What is said to have happened before, and came after.
            var late = Self.batch(subject, offset: 1_001, id: 8, probability: 0.95)
            late.events[0].event.time = Self.time(500)
            _ = try await store.write(late)
            func shadow(_ seconds: Int64, _ probability: Double, _ version: String) -> ShadowScore {
                ShadowScore(customerID: "C", version: version, probability: probability, time: Self.time(seconds))
            }
            try await store.add([], shadow: [shadow(1_000, 0.9, "x"), shadow(999, 0.4, "y")])
            func judged() async throws -> [JudgedScore] {
                try await store.judgedScores(since: Self.time(0), horizon: .seconds(10_000))
            }
            let expected = [
                Self.judged("C", 1_000, true, 0.5, 10, eventID: 7),
                Self.judged("C", 1_000, true, 0.4, 999, "y", eventID: 7),
            ]
            findings.expectEqual(try await judged(), expected, "the judged scores")
            var count = try await store.recordOutcomes([Self.outcome("C", 1_000, true)])
            findings.expectEqual(count, 0, "the new outcomes of a file that says the same")
            findings.expectEqual(try await judged(), expected, "the judged scores after the file")
            count = try await store.recordOutcomes([Self.outcome("C", 1_000, false)])
            findings.expectEqual(count, 1, "the changed outcomes of a file that corrects it")
        },
    ]

    /// One scored event of the customer C, whose offset is its time in seconds.
    private static func batch(
        _ subject: StoreUnderTest<any Store>, offset: Int64, id: Int64, probability: Double
    ) -> ScoredBatch {
        let samples = subject.samples
        return ScoredBatch(
            ranges: [samples.range(0, offset, offset + 1)],
            events: [samples.scored(samples.event("C", offset: offset), id: id, probability: probability)])
    }
}
