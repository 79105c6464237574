import ChurnCore
import ChurnInsight

/// The contract of all queries about a customer base, whatever they are answered from.
public enum CustomerQueriesContract {
    /// Queries over a fresh store.
    public typealias Subject = QueriesUnderTest
    /// One promise.
    public typealias Check = ContractCheck<Subject>

    /// Every promise.
    public static let checks: [Check] =
        summaries + analytics + yesterdays + changes + trends + watchlists + searches + pages + cursors + histories
        + timelines + importances + scoreChanges + left

    static let summaries: [Check] = [
        Check("of an empty customer base there is nothing to say") { subject, findings in
            let summary = try await QueryScene(subject, findings).summary()
            findings.expectEqual(summary.customers, 0, "the number of customers")
            findings.expectEqual(summary.bands.values.reduce(0, +), 0, "the number of customers in bands")
            findings.expectEqual(summary.valueAtRisk, 0, "the value at risk")
            findings.expectEqual(summary.meanProbability, nil, "the mean")
            findings.expectEqual(summary.trend, [], "the trend")
            findings.expectEqual(summary.segments, [], "the segments")
        },
        Check("customers count in the band of their latest score, those without a score in none") {
            subject, findings in
            let scene = QueryScene(subject, findings)
            let bands = subject.domain.bands
            let scores = [
                bands.critical, 1, bands.high, bands.high.nextUp, bands.medium, bands.medium.nextUp, bands.low(), 0,
            ]
            try await scene.add((0...scores.count).map { scene.customer("c\($0)") })
            for (index, score) in scores.enumerated() { try await scene.event("c\(index)", score) }
            let summary = try await scene.summary()
            findings.expectEqual(summary.customers, scores.count + 1, "the number of customers")
            findings.expectEqual(
                summary.bands.filter { $0.value > 0 }, [.critical: 2, .high: 1, .medium: 2, .low: 3], "the bands")
        },
        Check("the value at risk is that of scores above the alert threshold, a missing value counts nothing") {
            subject, findings in
            let scene = QueryScene(subject, findings)
            try await scene.add([
                scene.customer("critical", value: 64), scene.customer("high", value: 20.5),
                scene.customer("medium", value: 9), scene.customer("none", value: 5), scene.customer("unknown"),
            ])
            for (id, score) in [("critical", 0.9), ("high", 0.75), ("medium", 0.7), ("unknown", 0.9)] {
                try await scene.event(id, score)
            }
            let summary = try await scene.summary()
            findings.expectEqual(summary.valueAtRisk, 84.5, "the value at risk")
        },
        Check("segments count customers at risk, most first, then by name; those without a segment are in none") {
            subject, findings in
            let scene = QueryScene(subject, findings)
            let segments: [String?] = ["b", "b", "a", "c", "é", nil, "a'; --", "b", "B"]
            try await scene.add(segments.enumerated().map { scene.customer("c\($0)", segment: $1) })
            for index in segments.indices { try await scene.event("c\(index)", index == 7 ? 0.3 : 0.8) }
            let found = try await scene.summary().segments
            let expected = [("b", 2), ("B", 1), ("a", 1), ("a'; --", 1), ("c", 1), ("é", 1)]
            findings.expectEqual(
                found, expected.map { RiskSummary.SegmentCount(segment: $0.0, customers: $0.1) }, "the segments")
        },
        Check("the mean is that of the latest scores") { subject, findings in
            let scene = QueryScene(subject, findings)
            try await scene.add(["a", "b", "c"].map { scene.customer($0) })
            for (id, score) in [("a", 0.125), ("b", 0.5), ("a", 0.75)] { try await scene.event(id, score) }
            let summary = try await scene.summary()
            findings.expectEqual(summary.meanProbability, 0.625, "the mean")
        },
    ]

    static let changes: [Check] = [
        Check("a customer's next score moves it to its band, with or without an event") { subject, findings in
            let scene = QueryScene(subject, findings)
            try await scene.add([scene.customer("a", segment: "s", value: 8)])
            let steps: [(score: Double, isEvent: Bool, band: RiskBand, value: Double)] = [
                (0.9, true, .critical, 8), (0.2, true, .low, 0), (0.75, false, .high, 8), (0.5, false, .medium, 0),
                (0.875, true, .critical, 8),
            ]
            for step in steps {
                if step.isEvent {
                    try await scene.event("a", step.score)
                } else {
                    try await scene.rescore("a", step.score)
                }
                let summary = try await scene.summary()
                findings.expectEqual(summary.bands.filter { $0.value > 0 }, [step.band: 1], "bands at \(step.score)")
                findings.expectEqual(summary.valueAtRisk, step.value, "the value at risk at \(step.score)")
                findings.expectEqual(
                    summary.segments.map(\.segment), step.value > 0 ? ["s"] : [], "segments at \(step.score)")
                findings.expectEqual(summary.meanProbability, step.score, "the mean at \(step.score)")
                let page = try await scene.watchlist(WatchlistQuery(bands: [step.band]))
                findings.expectEqual(page.ids, ["a"], "the customers in band \(step.band)")
            }
        },
        Check("changed features move a customer to another segment and value") { subject, findings in
            let scene = QueryScene(subject, findings)
            try await scene.add([scene.customer("a", segment: "one", value: 8)])
            try await scene.event("a", 0.9)
            _ = try await scene.summary()
            try await scene.add([scene.customer("a", segment: "two", value: 16), scene.customer("b")])
            let summary = try await scene.summary()
            findings.expectEqual(summary.customers, 2, "the number of customers")
            findings.expectEqual(summary.valueAtRisk, 16, "the value at risk")
            findings.expectEqual(summary.segments.map(\.segment), ["two"], "the segments")
            let none = try await scene.watchlist(WatchlistQuery(segments: ["one"]))
            findings.expectEqual(none.total, 0, "the customers in the old segment")
        },
    ]

    static let trends: [Check] = [
        Check("the trend has every score, those without an event too, and no duplicate") { subject, findings in
            let scene = QueryScene(subject, findings)
            let before = Timestamp.present
            try await scene.add([scene.customer("a"), scene.customer("b")])
            for score in [0.25, 0.5, 0.75] { try await scene.event("a", score) }
            try await scene.event("a", nil)
            try await scene.rescore("b", 1)
            let trend = try await scene.summary(at: max(before, .present)).trend
            findings.expectEqual(trend.reduce(0) { $0 + $1.scores }, 4, "the number of scores")
            findings.expectEqual(
                trend.reduce(0) { $0 + $1.meanProbability * Double($1.scores) }, 2.5, "the sum of the scores")
        },
        Check("the trend has a point for each of 24 hours in which something was recorded, oldest first") {
            subject, findings in
            guard let setPresent = subject.setPresent else { return }
            let scene = QueryScene(subject, findings)
            let hour: Int64 = 3_600_000_000
            let present = Timestamp(microseconds: Timestamp.present.microseconds / hour * hour)
            try await scene.add([scene.customer("a")])
            // Hours before the present one, minutes within the hour, and scores.
            let writes: [(hours: Int64, minutes: Int64, score: Double)] = [
                (24, 59, 0.9), (23, 0, 0.125), (2, 0, 0.25), (2, 59, 0.75), (0, 0, 0.5),
            ]
            for (hours, minutes, score) in writes {
                try await setPresent(
                    Timestamp(microseconds: present.microseconds - hours * hour + minutes * 60_000_000))
                try await scene.event("a", score)
            }
            let trend = try await scene.summary(at: present.advanced(by: .seconds(1))).trend
            let expected: [(hours: Int64, mean: Double, scores: Int)] = [(23, 0.125, 1), (2, 0.5, 2), (0, 0.5, 1)]
            findings.expectEqual(
                trend,
                expected.map {
                    RiskSummary.TrendPoint(
                        hour: Timestamp(microseconds: present.microseconds - $0.hours * hour),
                        meanProbability: $0.mean, scores: $0.scores)
                }, "the trend")
        },
    ]

    static let importances: [Check] = [
        Check("importances come largest first, then by name, and no more than were asked for") { subject, findings in
            let none = try await subject.queries.featureImportances(limit: 10)
            findings.expectEqual(none, [], "the importances before there are any")
            guard let setImportances = subject.setImportances else { return }
            let stored = [("c", 0.5), ("a", 0.25), ("b", 0.5), ("d", 0)].map(FeatureImportance.init)
            try await setImportances(stored)
            try await subject.queries.refresh()
            let all = try await subject.queries.featureImportances(limit: 10)
            findings.expectEqual(all.map(\.feature), ["b", "c", "a", "d"], "the features")
            findings.expectEqual(all.map(\.importance), [0.5, 0.5, 0.25, 0], "the importances")
            let two = try await subject.queries.featureImportances(limit: 2)
            findings.expectEqual(two.map(\.feature), ["b", "c"], "the first two features")
        }
    ]
}

extension RiskBands {
    fileprivate func low() -> Double { self.medium / 2 }
}
