import ChurnCore
import ChurnInsight

extension CustomerQueriesContract {
    static let left: [Check] = [
        Check("a customer that left is in no figure and on no list, until a later event brings it back") {
            subject, findings in
            let scene = try await Self.sceneOfThree(subject, findings)
            try await scene.event("gone", 0.97, at: 10, leaves: true)
            try await Self.expectGone(scene, findings, "after the event that says so")
            try await scene.event("gone", 0.95, at: 20, leaves: false)
            let summary = try await scene.summary()
            findings.expectEqual(summary.customers, 3, "the number of customers after it came back")
            findings.expectEqual(summary.valueAtRisk, 96, "the value at risk after it came back")
            let list = try await scene.watchlist(WatchlistQuery())
            findings.expectEqual(list.total, 3, "the length of the list after it came back")
        },
        Check("an outcome that is recorded alone takes its customer out too, and one that corrects it brings it back") {
            subject, findings in
            let scene = try await Self.sceneOfThree(subject, findings)
            func record(_ seconds: Int, _ hasChurned: Bool) async throws {
                _ = try await subject.store.recordOutcomes([
                    CustomerOutcome(customerID: "gone", time: QueryScene.time(seconds), hasChurned: hasChurned)
                ])
            }
            try await record(-5, true)
            var count = try await scene.summary().customers
            findings.expectEqual(count, 3, "the number of customers after an outcome from before the last event")
            try await record(10, true)
            try await Self.expectGone(scene, findings, "after its outcome")
            let left = try await subject.store.states(for: ["gone"])["gone"]?.leftAt
            findings.expectEqual(left, QueryScene.time(10), "when it left")
            try await record(10, false)
            count = try await scene.summary().customers
            findings.expectEqual(count, 3, "the number of customers after the corrected outcome")
            try await record(30, true)
            try await record(40, false)
            count = try await scene.summary().customers
            findings.expectEqual(count, 3, "the number of customers after a newer outcome says that it stayed")
        },
        Check("a customer that is imported as one that left is out at once, and stays so when it is imported again") {
            subject, findings in
            let scene = QueryScene(subject, findings)
            var gone = scene.customer("gone", segment: "a", value: 64)
            gone.leftAt = QueryScene.time(10)
            try await scene.add([gone, scene.customer("here", segment: "a", value: 32)])
            gone.leftAt = QueryScene.time(20)
            _ = try await subject.store.importCustomers([gone])
            gone.leftAt = nil
            _ = try await subject.store.importCustomers([gone])
            let left = try await subject.store.states(for: ["gone"])["gone"]?.leftAt
            findings.expectEqual(left, QueryScene.time(10), "when it left")
            let summary = try await scene.summary()
            findings.expectEqual(summary.customers, 1, "the number of customers")
            try await scene.event("gone", 0.95, at: 20, leaves: false)
            let back = try await scene.summary()
            findings.expectEqual(back.customers, 2, "the number of customers after its next event")
        },
        Check("an outcome that is still to come takes no one out") { subject, findings in
            let scene = try await Self.sceneOfThree(subject, findings)
            _ = try await subject.store.recordOutcomes([
                CustomerOutcome(
                    customerID: "gone", time: .present.advanced(by: .seconds(86_400)), hasChurned: true)
            ])
            let summary = try await scene.summary()
            findings.expectEqual(summary.customers, 3, "the number of customers")
            let list = try await scene.watchlist(WatchlistQuery())
            findings.expectEqual(list.total, 3, "the length of the list")
        },
    ]

    private static func sceneOfThree(_ subject: Subject, _ findings: ContractFindings) async throws -> QueryScene {
        let scene = QueryScene(subject, findings)
        try await scene.add([
            scene.customer("gone", segment: "a", value: 64, tenure: 5), scene.customer("here", segment: "a", value: 32),
            scene.customer("unscored", segment: "b", value: 8),
        ])
        try await scene.event("gone", 0.95)
        try await scene.event("here", 0.9)
        return scene
    }

    private static func expectGone(_ scene: QueryScene, _ findings: ContractFindings, _ when: String) async throws {
        let summary = try await scene.summary()
        findings.expectEqual(summary.customers, 2, "the number of customers \(when)")
        findings.expectEqual(summary.bands.filter { $0.value > 0 }, [.critical: 1], "the bands \(when)")
        findings.expectEqual(summary.valueAtRisk, 32, "the value at risk \(when)")
        findings.expectEqual(summary.meanProbability, 0.9, "the mean \(when)")
        findings.expectEqual(
            summary.segments, [RiskSummary.SegmentCount(segment: "a", customers: 1)], "the segments \(when)")
        let flow = try await scene.subject.queries.riskAnalytics().flow.reduce(0) { $0 + $1.customers }
        findings.expectEqual(flow, 0, "the customers of known tenure \(when)")
        let orders: [(WatchlistQuery.Order, [String])] = [
            (.risk, ["here", "unscored"]), (.activity, ["here", "unscored"]), (.value, ["here", "unscored"]),
            (.id, ["here", "unscored"]),
        ]
        for (order, ids) in orders {
            let list = try await scene.watchlist(WatchlistQuery(order: order, isDescending: order != .id))
            findings.expectEqual(list.ids, ids, "the customers by \(order) \(when)")
            findings.expectEqual(list.total, 2, "the length of the list by \(order) \(when)")
        }
        let found = try await scene.watchlist(WatchlistQuery(search: "GO"))
        findings.expectEqual(found.ids, [], "those found by the beginning of its id \(when)")
        let filtered = try await scene.watchlist(WatchlistQuery(bands: [.critical], segments: ["a"]))
        findings.expectEqual(filtered.ids, ["here"], "those of its band and segment \(when)")
    }
}
