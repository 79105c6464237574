public import ChurnCore
import ChurnInsight

extension CustomerQueriesContract {
    /// The Telco customer base with an alert threshold that no band begins at, for ``atRisk``.
    public static var domainWithOwnThreshold: Domain {
        var domain = Domain.telco
        domain.alerts.threshold = 0.9
        return domain
    }

    /// The contract of figures of customers at risk; for queries over ``domainWithOwnThreshold``.
    public static let atRisk: [Check] = [
        Check("customers at risk are those above the alert threshold, whatever their band") { subject, findings in
            let scene = QueryScene(subject, findings)
            try await scene.add([
                scene.customer("above", segment: "a", value: 64), scene.customer("at", segment: "a", value: 8),
                scene.customer("critical", segment: "b", value: 4), scene.customer("high", segment: "c", value: 2),
                scene.customer("rescored", segment: "b", value: 1), scene.customer("unscored", segment: "d", value: 3),
            ])
            for (id, score) in [("above", 0.9.nextUp), ("at", 0.9), ("critical", 0.86), ("high", 0.75)] {
                try await scene.event(id, score)
            }
            try await scene.rescore("rescored", 0.95)
            func expect(_ value: Double, _ segments: [(String, Int)], _ when: String) async throws {
                let summary = try await scene.summary()
                findings.expectEqual(summary.valueAtRisk, value, "the value at risk \(when)")
                findings.expectEqual(
                    summary.segments, segments.map { RiskSummary.SegmentCount(segment: $0.0, customers: $0.1) },
                    "the segments \(when)")
            }
            try await expect(65, [("a", 1), ("b", 1)], "at first")
            let bands = try await scene.summary().bands.filter { $0.value > 0 }
            findings.expectEqual(bands, [.critical: 4, .high: 1], "the bands, which stay what they are")
            try await scene.event("above", 0.88)
            try await scene.event("critical", 0.91)
            try await expect(5, [("b", 2)], "after two moved within their band")
        },
        Check("money is summed exactly, and what went leaves nothing behind") { subject, findings in
            let scene = QueryScene(subject, findings)
            // As binary numbers these add up to 2804.8999999999996 and the like, whatever the order.
            let values = (0..<47).map { Double(2_000 + 37 * $0) / 100 } + [0.1, 0.2, 1_464.65]
            try await scene.add(values.enumerated().map { scene.customer("c\($0)", segment: "s", value: $1) })
            for index in values.indices { try await scene.event("c\(index)", 0.95) }
            let total = values.reduce(0) { $0 + Int(($1 * 100).rounded()) }
            var summary = try await scene.summary()
            findings.expectEqual(summary.valueAtRisk, Double(total) / 100, "the sum")
            for index in values.indices.dropLast(3) { try await scene.event("c\(index)", 0.2) }
            summary = try await scene.summary()
            findings.expectEqual(summary.valueAtRisk, 1_464.95, "the sum of those that stay")
            let profile = try await subject.queries.riskAnalytics().profiles.first { $0.band == .critical }
            findings.expectEqual(profile?.meanValue, 1_464.95 / 3, "the mean of those that stay")
        },
    ]
}
