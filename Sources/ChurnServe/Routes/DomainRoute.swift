import ChurnCore
import HTTPTypes
import Hummingbird

/// `GET /api/domain`: what a dashboard must know to name columns, bands and actions.
struct DomainRoute: EndpointGroup {
    let domain: Domain

    var endpoints: [Endpoint] {
        let domain = self.domain
        let answer = Self.answer(domain)
        return [
            Endpoint(
                .get, "/api/domain", .reading, id: "domain", .scoring,
                "Columns, bands, actions and event types of this customer base", refusesOtherParameters: true,
                answers: [.ok("The domain.", answer.schema)]
            ) { _, _ in answer.response(domain) }
        ]
    }

    private static func answer(_ domain: Domain) -> Shape<Domain> {
        let features = domain.schema.features
        let bands = domain.bands
        let band = Shape<RiskBand>([
            Field("band") { $0 },
            Field("from") { bands.lowerBound(of: $0) },
            Field("includes_from") { $0 == .critical || $0 == .low },
        ])
        let updateField = Shape<UpdateField>([
            Field("name") { $0.name },
            Field("column") { features[$0.feature].column },
        ])
        return Shape(
            "Domain",
            [
                Field("name") { $0.name },
                Field("id_column") { $0.idColumn },
                Field("segment_column") { features[$0.segmentFeature].column },
                Field("value_column", "What a customer pays.") { $0.valueFeature.map { features[$0].column } },
                Field("tenure_column", "For how many months.") { $0.tenureFeature.map { features[$0].column } },
                Field("columns", self.column, list: { $0.schema.features }),
                Field("bands", band, list: { _ in RiskBand.allCases.reversed() }),
                Field("alert_threshold") { $0.alerts.threshold },
                Field("alert_policy", self.policy, object: { $0.alerts }),
                Field("currency", self.currency, "How amounts of money are shown.", object: { $0.currency }),
                Field("actions", self.action, list: { $0.actions }),
                Field("event_types") { $0.eventOrder.map(\.rawValue) },
                Field("update_fields", updateField, list: { $0.updateFields }),
            ])
    }

    private static let column = Shape<Feature>([
        Field("column") { $0.column },
        Field("name") { $0.name },
        Field("label") { $0.label },
        Field("type") { $0.type },
        Field("categories") { $0.categories },
        Field("minimum", "The lowest number that is possible.") { $0.minimum },
        Field("maximum", "The highest number that is possible.") { $0.maximum },
        Field("immutable", "Whether no action can change it.") { $0.isImmutable },
    ])

    private static let policy = Shape<AlertPolicy>([
        Field("threshold", "A score above it counts as at risk.") { $0.threshold },
        Field("enter", "A customer becomes at risk above it.") { $0.enter ?? $0.threshold },
        Field("exit", "A customer at risk stops being so at or below it.") { $0.exit ?? $0.enter ?? $0.threshold },
        Field("cool_down_seconds", "The least time between two alerts of a customer.") {
            $0.coolDown.map { $0 / .seconds(1) }
        },
    ])

    private static let currency = Shape<Domain.Currency>([
        Field("code", "The code of ISO 4217.") { $0.code },
        Field("symbol", "The sign before an amount, where it is not that of the code.") { $0.symbol },
        Field("decimals") { $0.decimals },
    ])

    private static let action = Shape<StaffAction>([
        Field("id") { $0.id },
        Field("title") { $0.title },
    ])
}

extension FeatureType: NamedAnswerValue {}

extension RiskBands {
    fileprivate func lowerBound(of band: RiskBand) -> Double {
        switch band {
        case .low: 0
        case .medium: self.medium
        case .high: self.high
        case .critical: self.critical
        }
    }
}
