import ChurnCore
import Hummingbird

/// `GET /api/domain`: what a dashboard must know to name columns, bands and actions.
struct DomainRoute {
    let domain: Domain

    func add(to router: Router<ServeContext>) {
        router.get("/api/domain") { request, _ in
            try request.parameters().allowOnly([])
            return Response.json { self.write(to: &$0) }
        }
    }

    private func write(to json: inout JSONWriter) {
        let features = self.domain.schema.features
        json.field("name", self.domain.name)
        json.field("id_column", self.domain.idColumn)
        json.field("segment_column", features[self.domain.segmentFeature].column)
        json.field("value_column", features[self.domain.valueFeature].column)
        json.field("tenure_column", self.domain.tenureFeature.map { features[$0].column })
        json.field("columns", array: features) { json, feature in
            json.object { json in
                json.field("column", feature.column)
                json.field("name", feature.name)
                json.field("label", feature.label)
                json.field("type", feature.type.rawValue)
                json.field("categories", array: feature.categories) { $0.element($1) }
            }
        }
        json.field("bands", array: RiskBand.allCases.reversed()) { json, band in
            json.object { json in
                json.field("band", band.rawValue)
                json.field("from", self.domain.bands.lowerBound(of: band))
                json.field("includes_from", band == .critical || band == .low)
            }
        }
        json.field("alert_threshold", self.domain.alerts.threshold)
        json.field("actions", array: self.domain.actions) { json, action in
            json.object { json in
                json.field("id", action.id)
                json.field("title", action.title)
            }
        }
        json.field("event_types", array: self.domain.eventOrder) { $0.element($1.rawValue) }
        json.field("update_fields", array: self.domain.updateFields) { json, field in
            json.object { json in
                json.field("name", field.name)
                json.field("column", features[field.feature].column)
            }
        }
    }
}

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
