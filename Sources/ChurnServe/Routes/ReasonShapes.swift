import ChurnCore

/// A customer's score with what each feature adds to it.
struct ExplainedScore: Sendable {
    var customerID: String
    var probability: Double
    var band: RiskBand
    var modelVersion: String
    var explanation: Explanation
    /// All features of the explanation, the strongest first.
    var reasons: [Reason]
    /// The customer's features.
    var features: [FeatureValue]

    init(
        customerID: String, probability: Double, band: RiskBand, modelVersion: String, explanation: Explanation,
        features: [FeatureValue]
    ) {
        (self.customerID, self.probability, self.band) = (customerID, probability, band)
        (self.modelVersion, self.explanation, self.features) = (modelVersion, explanation, features)
        self.reasons = explanation.reasons()
    }

    /// One of the reasons.
    fileprivate struct Part: Sendable {
        var reason: Reason
        var value: FeatureValue
        var isStrongest: Bool
    }

    fileprivate var parts: [Part] {
        self.reasons.enumerated().map { place, reason in
            Part(reason: reason, value: self.features[reason.feature], isStrongest: place == 0)
        }
    }
}

extension Shape<ExplainedScore> {
    /// A score with all features that moved it, and the explanation as one line.
    static func explanation(_ domain: Domain, _ phrases: ReasonPhrases) -> Shape {
        let part = Shape<ExplainedScore.Part>([
            Field("feature") { domain.schema.features[$0.reason.feature].column },
            Field("value") { $0.value },
            Field("contribution") { $0.reason.contribution },
            Field("text") { phrases.text($0.reason, value: $0.value, isStrongest: $0.isStrongest) },
        ])
        return Shape([
            Field("customer_id") { $0.customerID },
            Field("churn_probability", schema: .probability) { $0.probability },
            Field("churn_risk") { $0.band },
            Field("model_version") { $0.modelVersion },
            Field("base_margin") { $0.explanation.baseMargin },
            Field("margin") { $0.explanation.margin },
            Field("reasons", part, list: { $0.parts }),
            Field("text") {
                phrases.text(Array($0.reasons.prefix(3)), features: $0.features, probability: $0.probability)
            },
        ])
    }
}

/// A change of a score with the event that made it.
struct EventChange: Sendable {
    var change: ScoreChange
    var type: EventType

    /// A feature that moved the score.
    fileprivate struct Part: Sendable {
        var reason: Reason
        /// The values that the event gave it; nil where it left the feature as it was.
        var changed: ChangedFeature?
        var isStrongest: Bool
    }

    /// The features that moved the score, the strongest first.
    fileprivate var parts: [Part] {
        (self.change.split?.reasons() ?? []).enumerated().map { place, reason in
            Part(
                reason: reason, changed: self.change.split?.changed.first { $0.feature == reason.feature },
                isStrongest: place == 0)
        }
    }
}

extension Shape<EventChange> {
    /// A change with all features that moved the score.
    ///
    /// The values of features that stayed as they were are not kept, so that they have neither `from` nor `to`.
    static func change(_ domain: Domain, _ phrases: ReasonPhrases) -> Shape {
        let part = Shape<EventChange.Part>([
            Field("feature") { domain.schema.features[$0.reason.feature].column },
            Field("from") { $0.changed?.from ?? FeatureValue.missing },
            Field("to") { $0.changed?.to ?? FeatureValue.missing },
            Field("changed") { $0.changed != nil },
            Field("contribution") { $0.reason.contribution },
            Field("text") {
                phrases.text($0.reason, change: $0.changed, value: nil, isStrongest: $0.isStrongest)
            },
        ])
        return Shape(
            "ScoreChange",
            [
                Field("from_probability") { $0.change.fromProbability },
                Field("to_probability") { $0.change.toProbability },
                Field("from_margin") { $0.change.split?.fromMargin },
                Field("to_margin") { $0.change.split?.toMargin },
                Field("reasons", part, list: { $0.parts }),
                Field("text") { phrases.text($0.change, features: nil, event: $0.type) },
            ])
    }
}
