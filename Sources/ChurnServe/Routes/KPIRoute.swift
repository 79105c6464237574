import ChurnCore
import ChurnInsight
import HTTPTypes
import Hummingbird

/// `GET /api/dashboard-kpis`: how the customer base stands.
struct KPIRoute: EndpointGroup {
    let dependencies: APIDependencies

    var endpoints: [Endpoint] {
        let answer = Self.answer(self.dependencies.domain)
        return [
            Endpoint(
                .get, "/api/dashboard-kpis", .reading, id: "dashboardKPIs", .dashboard, "How the customer base stands",
                answers: [.ok("The figures.", answer.schema), .unavailable]
            ) { _, _ in
                answer.response(
                    try await self.dependencies.ask { try await $0.customers.riskSummary(at: $0.now()) })
            }
        ]
    }

    private static func answer(_ domain: Domain) -> Shape<RiskSummary> {
        let figures = self.figures(domain)
        // A summary's own figures are those of a snapshot that is taken now.
        let now: [Field<RiskSummary>] = figures.map { field in
            field.of { RiskSnapshot($0, at: Timestamp(microseconds: 0)) }
        }
        let time: [Field<RiskSnapshot>] = [Field("time") { $0.time }]
        let snapshot = Shape<RiskSnapshot>(figures + time)
        let trend = Shape<RiskSummary.TrendPoint>([
            Field("hour") { $0.hour },
            Field("avg_prob", schema: .probability) { $0.meanProbability },
            Field("scores") { $0.scores },
        ])
        let customers = Shape<RiskSummary.CustomerTrendPoint>([
            Field("hour") { $0.hour },
            Field("mean_probability", schema: .probability) { $0.meanProbability },
            Field("customers") { $0.customers },
            Field("scores", "The number of scores in the hour.") { $0.scores },
        ])
        let segment = Shape<RiskSummary.SegmentCount>([
            Field(domain.schema.features[domain.segmentFeature].column) { $0.segment },
            Field("count") { $0.customers },
        ])
        let parts: [Field<RiskSummary>] = [
            Field(
                "churn_trend", trend, "The mean of all scores of each hour: a customer scored twice counts twice.",
                list: { $0.trend }),
            Field(
                "customer_trend", customers,
                """
                The mean over scored customers at the end of each hour of the last 24, of the last score of each in the \
                hour or before it; the last point is that of now. Hours whose figures were not kept are left out.
                """, list: { $0.customerTrend }),
            Field(
                "churn_by_segment", segment, "Customers whose latest score is above the alert threshold.",
                list: { $0.segments }),
            Field(
                "yesterday", snapshot, "The figures of about 24 hours ago, if they were kept.",
                objectOrNull: { $0.yesterday }),
        ]
        return Shape("KPIs", now + parts)
    }

    private static func figures(_ domain: Domain) -> [Field<RiskSnapshot>] {
        let hasValue = domain.valueFeature != nil
        let value = domain.valueFeature.map { domain.schema.features[$0].column } ?? "the domain's value"
        let money = Schema.number().meaning(
            """
            The value at risk: the sum of \(value) over customers whose latest score is above the alert threshold; \
            exact to the hundredth. Null where the domain says of no feature that customers pay it.
            """
        ).named("MoneyAtRisk")
        let bands: [Field<RiskSnapshot>] = RiskBand.allCases.reversed().map { band in
            Field("\(band.rawValue.lowercased())_risk_customers") { $0.bands[band] ?? 0 }
        }
        let totals: [Field<RiskSnapshot>] = [
            Field(
                "at_risk_customers",
                "Customers whose latest score is above the alert threshold; null where they were not counted yet."
            ) { $0.atRisk },
            Field("total_active_customers", "All customers, scored or not.") { $0.customers },
            Field("mrr_at_risk", schema: money.orNull()) { hasValue ? Money($0.valueAtRisk) : nil },
            Field(
                "overall_avg_churn_probability", "The mean over scored customers of their latest scores.",
                schema: .probability.orNull()
            ) { $0.meanProbability },
        ]
        return bands + totals
    }
}
