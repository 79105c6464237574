import ChurnCore

extension JSONWriter {
    /// All features of an explanation, the strongest first, and the explanation as one line.
    mutating func fields(
        of explanation: Explanation, features: [FeatureValue], probability: Double, in domain: Domain,
        _ phrases: ReasonPhrases
    ) {
        let reasons = explanation.reasons()
        self.field("base_margin", explanation.baseMargin)
        self.field("margin", explanation.margin)
        self.field("reasons", array: reasons.enumerated()) { json, entry in
            json.object { json in
                let value = features[entry.element.feature]
                json.field("feature", domain.schema.features[entry.element.feature].column)
                json.field("value", value)
                json.field("contribution", entry.element.contribution)
                json.field("text", phrases.text(entry.element, value: value, isStrongest: entry.offset == 0))
            }
        }
        self.field("text", phrases.text(Array(reasons.prefix(3)), features: features, probability: probability))
    }

    /// A change with all features that moved the score, the strongest first.
    ///
    /// The values of features that stayed as they were are not kept, so that they have neither `from` nor `to`.
    mutating func fields(
        of change: ScoreChange, after event: EventType?, in domain: Domain, _ phrases: ReasonPhrases
    ) {
        self.field("from_probability", change.fromProbability)
        self.field("to_probability", change.toProbability)
        self.field("from_margin", change.split?.fromMargin)
        self.field("to_margin", change.split?.toMargin)
        let reasons = change.split?.reasons() ?? []
        self.field("reasons", array: reasons.enumerated()) { json, entry in
            json.object { json in
                let reason = entry.element
                let changed = change.split?.changed.first { $0.feature == reason.feature }
                json.field("feature", domain.schema.features[reason.feature].column)
                json.field("from", changed?.from ?? .missing)
                json.field("to", changed?.to ?? .missing)
                json.field("changed", changed != nil)
                json.field("contribution", reason.contribution)
                json.field("text", phrases.text(reason, change: changed, value: nil, isStrongest: entry.offset == 0))
            }
        }
        self.field("text", phrases.text(change, features: nil, event: event))
    }
}
