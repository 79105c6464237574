import ChurnCore
import ChurnInsight

extension CustomerQueriesContract {
    static let analytics: [Check] = [
        Check("of an empty customer base the analytics count no customers") { subject, findings in
            try await subject.queries.refresh()
            let found = try await subject.queries.riskAnalytics()
            let hasTenure = subject.domain.tenureFeature != nil
            findings.expectEqual(found.lifeCycle.map(\.stage), hasTenure ? LifeCycleStage.allCases : [], "the stages")
            findings.expectEqual(found.lifeCycle.flatMap(\.bands.values).reduce(0, +), 0, "customers in stages")
            findings.expectEqual(
                found.profiles,
                [.critical, .high, .medium, .low].map {
                    RiskAnalytics.Profile(
                        band: $0, customers: 0, meanTenure: nil, meanValue: nil, dominantSegment: nil)
                }, "the profiles")
            findings.expectEqual(found.flow, [], "the flow")
        },
        Check("stages end at 3, 12 and 24 months; who lacks a score, a tenure or a segment is left out where it counts")
        {
            subject, findings in
            guard subject.domain.tenureFeature != nil else { return }
            let scene = QueryScene(subject, findings)
            try await scene.add([
                scene.customer("a", segment: "x", value: 10, tenure: 0), scene.customer("b", segment: "x", tenure: 3),
                scene.customer("c", segment: "y", value: 20.5, tenure: 4), scene.customer("d", tenure: 12),
                scene.customer("e", segment: "y", tenure: 13), scene.customer("f", segment: "x", tenure: 24),
                scene.customer("g", segment: "y", tenure: 24.5), scene.customer("h", segment: "y"),
                scene.customer("i", segment: "x", value: 1, tenure: 1),
            ])
            for (id, score) in [
                ("a", 0.9), ("b", 0.1), ("c", 0.9), ("d", 0.9), ("e", 0.8), ("f", 0.8), ("g", 0.5), ("h", 0.5),
            ] {
                try await scene.event(id, score)
            }
            try await subject.queries.refresh()
            let found = try await subject.queries.riskAnalytics()
            let counts = found.lifeCycle.map { $0.bands.filter { $0.value > 0 } }
            findings.expectEqual(
                counts, [[.critical: 1, .low: 1], [.critical: 2], [.high: 2], [.medium: 1]], "the life cycle")
            let expected: [(LifeCycleStage, String, RiskBand)] = [
                (.new, "x", .critical), (.new, "x", .low), (.early, "y", .critical), (.mid, "x", .high),
                (.mid, "y", .high), (.mature, "y", .medium),
            ]
            findings.expectEqual(
                found.flow,
                expected.map { RiskAnalytics.Flow(stage: $0.0, segment: $0.1, band: $0.2, customers: 1) }, "the flow")
            let profiles: [(RiskBand, Int, Double?, Double?, String?)] = [
                (.critical, 3, 16.0 / 3, 15.25, "x"), (.high, 2, 18.5, nil, "x"), (.medium, 2, 24.5, nil, "y"),
                (.low, 1, 3, nil, "x"),
            ]
            findings.expectEqual(
                found.profiles,
                profiles.map {
                    RiskAnalytics.Profile(
                        band: $0.0, customers: $0.1, meanTenure: $0.2, meanValue: $0.3, dominantSegment: $0.4)
                }, "the profiles")
        },
        Check("a customer whose tenure grows or whose score changes moves on in the analytics") { subject, findings in
            guard subject.domain.tenureFeature != nil else { return }
            let scene = QueryScene(subject, findings)
            let steps: [(tenure: Double?, score: Double, stage: LifeCycleStage?, band: RiskBand)] = [
                (3, 0.9, .new, .critical), (4, 0.9, .early, .critical), (4, 0.1, .early, .low), (nil, 0.1, nil, .low),
                (30.5, 0.75, .mature, .high),
            ]
            for step in steps {
                try await scene.add([scene.customer("a", segment: "s", value: 2, tenure: step.tenure)])
                try await scene.event("a", step.score)
                try await subject.queries.refresh()
                let found = try await subject.queries.riskAnalytics()
                let flow = step.stage.map {
                    RiskAnalytics.Flow(stage: $0, segment: "s", band: step.band, customers: 1)
                }
                findings.expectEqual(found.flow, flow.map { [$0] } ?? [], "the flow at \(step)")
                findings.expectEqual(
                    found.profiles.filter { $0.customers > 0 },
                    [
                        RiskAnalytics.Profile(
                            band: step.band, customers: 1, meanTenure: step.tenure, meanValue: 2, dominantSegment: "s")
                    ], "the profiles at \(step)")
            }
        },
    ]

    static let yesterdays: [Check] = [
        Check("yesterday is the snapshot whose age is closest to a day, none that is more than an hour off") {
            subject, findings in
            func snapshot(_ minutes: Int, _ customers: Int) -> RiskSnapshot {
                RiskSnapshot(
                    time: Timestamp.present.advanced(by: .seconds(-60 * minutes)), customers: customers,
                    bands: [.critical: 1, .low: customers], valueAtRisk: 12.5,
                    meanProbability: customers > 5 ? nil : 0.25, atRisk: customers > 6 ? nil : 1)
            }
            let scene = QueryScene(subject, findings)
            let before = try await scene.summary(at: .present).yesterday
            findings.expectEqual(before, nil, "yesterday without snapshots")
            let kept = [snapshot(23 * 60 + 10, 5), snapshot(24 * 60 + 20, 6), snapshot(26 * 60, 7)]
            for snapshot in kept { try await subject.store.record(snapshot) }
            var late = kept[1]
            late.customers = 8
            try await subject.store.record(late)
            let now = Timestamp.present
            let found = try await scene.summary(at: now).yesterday
            findings.expectEqual(found, kept[1], "yesterday")
            let earlier = try await scene.summary(at: now.advanced(by: .seconds(50 * 60))).yesterday
            findings.expectEqual(earlier, kept[0], "yesterday as seen later")
            let none = try await scene.summary(at: now.advanced(by: .seconds(10 * 3_600))).yesterday
            findings.expectEqual(none, nil, "yesterday when nothing was kept")
            let since = try await subject.store.riskSnapshots(since: kept[1].time)
            findings.expectEqual(since, [kept[1], kept[0]], "the snapshots since one of them")
        },
        Check("the trend over customers has a point for each hour whose figures were kept, and one for now") {
            subject, findings in
            let hour: Int64 = 3_600_000_000
            let now = Timestamp(microseconds: Timestamp.present.microseconds / hour * hour + hour / 2)
            func snapshot(_ minutesBefore: Int, _ mean: Double?) -> RiskSnapshot {
                RiskSnapshot(
                    time: now.advanced(by: .seconds(-60 * minutesBefore)), customers: 9, bands: [.high: 3, .low: 2],
                    valueAtRisk: 0, meanProbability: mean, atRisk: 3)
            }
            let scene = QueryScene(subject, findings)
            try await scene.add([scene.customer("a", segment: "x", value: 10), scene.customer("b", segment: "x")])
            try await scene.event("a", 0.875)
            try await scene.event("b", 0.375)
            // Taken as an hour began, but for the second, which is 40 minutes late. Whoever serves may keep figures of
            // this hour itself.
            for (minutes, mean) in [(150, 0.25), (230, 0.125), (330, nil), (2_000, 0.75)] {
                try await subject.store.record(snapshot(minutes, mean))
            }
            try await subject.queries.refresh()
            let found = try await scene.summary(at: now)
            let start = Timestamp(microseconds: now.microseconds - hour / 2)
            let expected: [(hours: Int, mean: Double, customers: Int)] = [
                (4, 0.125, 5), (3, 0.25, 5), (0, 0.625, 2),
            ]
            let points = found.customerTrend.filter { $0.hour != start.advanced(by: .seconds(-3_600)) }
            findings.expectEqual(
                points.map(\.hour), expected.map { start.advanced(by: .seconds(-3_600 * $0.hours)) },
                "the hours")
            findings.expectEqual(points.map(\.meanProbability), expected.map(\.mean), "the means")
            findings.expectEqual(points.map(\.customers), expected.map(\.customers), "the customers")
            findings.expectEqual(found.atRisk, 1, "the customers at risk")
        },
        Check("the top reasons count the first reason to leave of each alert, and only of alerts since then") {
            subject, findings in
            let scene = QueryScene(subject, findings)
            let columns = subject.domain.schema.features.map(\.column)
            try await scene.add([scene.customer("a"), scene.customer("b")])
            let down = Reason(feature: 0, contribution: -2)
            for (id, score, reasons) in [
                ("a", 0.9, [down, Reason(feature: 1, contribution: 1)]),
                ("b", 0.8, [Reason(feature: 1, contribution: 1)]),
                ("a", 0.95, [Reason(feature: 2, contribution: 1)]), ("b", 0.85, [down]), ("b", 0.85, []),
                ("b", 0.1, [Reason(feature: 2, contribution: 1)]),
            ] {
                try await scene.event(id, score, reasons: reasons)
            }
            let all = try await subject.queries.topReasons(since: Timestamp(microseconds: 0))
            findings.expectEqual(
                all.features,
                [
                    TopReasons.Feature(column: columns[1], alerts: 2),
                    TopReasons.Feature(column: columns[2], alerts: 1),
                ], "the features")
            findings.expectEqual(all.alerts, 5, "the alerts")
            let later = Timestamp.present.advanced(by: .seconds(7_200))
            findings.expectEqual(
                try await subject.queries.topReasons(since: later), TopReasons(since: later, alerts: 0, features: []),
                "the reasons since later")
        },
    ]
}
