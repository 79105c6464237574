import ChurnCore
import ChurnInsight
import Foundation

/// One customer's explanation, for people and as JSON.
struct ExplanationText {
    let customerID: String
    let features: [FeatureValue]
    let probability: Double
    let explanation: Explanation
    let modelVersion: String
    let domain: Domain

    private var phrases: ReasonPhrases { ReasonPhrases(schema: self.domain.schema) }

    /// Some lines: the score, and each feature with its contribution.
    var table: String {
        let phrases = self.phrases
        var lines = [
            "\(self.customerID): churn probability " + String(format: "%.4f", self.probability)
                + " (\(self.domain.bands.band(of: self.probability).rawValue)), model \(self.modelVersion)",
            String(
                format: "margin %.4f = base %.4f and contributions, in log-odds:", self.explanation.margin,
                self.explanation.baseMargin),
        ]
        for (place, reason) in self.explanation.reasons().enumerated() {
            let text = phrases.text(reason, value: self.features[reason.feature], isStrongest: place == 0)
            lines.append(String(format: "  %+.4f  ", reason.contribution) + text)
        }
        return lines.joined(separator: "\n")
    }

    private struct Answer: Encodable {
        struct Reason: Encodable {
            var feature: String
            var value: CodableFeature
            var contribution: Double
            var text: String
        }

        var customer_id: String
        var churn_probability: Double
        var churn_risk: String
        var model_version: String
        var base_margin: Double
        var margin: Double
        var reasons: [Reason]
        var text: String
    }

    /// The names of the REST interface.
    var json: String {
        get throws {
            let phrases = self.phrases
            let reasons = self.explanation.reasons()
            return try OutputJSON.text(
                Answer(
                    customer_id: self.customerID, churn_probability: self.probability,
                    churn_risk: self.domain.bands.band(of: self.probability).rawValue,
                    model_version: self.modelVersion, base_margin: self.explanation.baseMargin,
                    margin: self.explanation.margin,
                    reasons: reasons.enumerated().map { place, reason in
                        Answer.Reason(
                            feature: self.domain.schema.features[reason.feature].column,
                            value: CodableFeature(self.features[reason.feature]), contribution: reason.contribution,
                            text: phrases.text(
                                reason, value: self.features[reason.feature], isStrongest: place == 0))
                    },
                    text: phrases.text(
                        Array(reasons.prefix(3)), features: self.features, probability: self.probability)))
        }
    }
}

/// The features that matter to a model, for people and as JSON.
enum SummaryText {
    private struct Row: Encodable {
        var feature: String
        var importance: Double
    }

    private struct Answer: Encodable {
        var model_version: String
        var customers: Int
        var features: [Row]
        var segments: [String: [Row]]
    }

    static func table(_ summary: ImportanceSummary, _ domain: Domain) -> String {
        guard let all = summary.groups.first else { return "no customers" }
        let head = "mean |SHAP| over \(all.customers) customers, model \(summary.model.version), in log-odds:"
        let labels = Dictionary(
            domain.schema.features.map { ($0.column, $0.label) }, uniquingKeysWith: { first, _ in first })
        let lines = Self.rows(all, domain).map { row in
            String(format: "  %.5f  ", row.importance) + (labels[row.feature] ?? row.feature)
        }
        return ([head] + lines).joined(separator: "\n")
    }

    static func json(_ summary: ImportanceSummary, _ domain: Domain) throws -> String {
        let all = summary.groups.first { $0.segment == nil }
        let segments = summary.groups.compactMap { group in
            group.segment.map { ($0, Self.rows(group, domain)) }
        }
        return try OutputJSON.text(
            Answer(
                model_version: summary.model.version, customers: all?.customers ?? 0,
                features: all.map { Self.rows($0, domain) } ?? [],
                segments: Dictionary(segments, uniquingKeysWith: { first, _ in first })))
    }

    private static func rows(_ group: ImportanceSummary.Group, _ domain: Domain) -> [Row] {
        zip(domain.schema.features, group.importances).map { Row(feature: $0.column, importance: $1) }
            .sorted { ($1.importance, $0.feature) < ($0.importance, $1.feature) }
    }
}
