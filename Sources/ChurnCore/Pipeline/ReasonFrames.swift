/// Writes the members `reasons` and `score_change` of a frame.
struct ReasonFrames: Sendable {
    /// A frame names so many features of a change; the sum of the others goes with them.
    private static let mostOfChange = 3

    private let phrases: ReasonPhrases
    /// The columns' names, quoted.
    private let columns: [[UInt8]]

    init(schema: FeatureSchema) {
        self.phrases = ReasonPhrases(schema: schema)
        self.columns = schema.features.map { Array(JSONText.quoted($0.column).utf8) }
    }

    /// Appends what is known of a prediction's reasons, each member with a comma before it.
    func append(_ prediction: Prediction, features: [FeatureValue], to out: inout [UInt8]) {
        if !prediction.reasons.isEmpty {
            out.append(utf8: #","reasons":["#)
            for (place, reason) in prediction.reasons.enumerated() {
                let value = features[reason.feature]
                self.append(reason, isFirst: place == 0, to: &out)
                out.append(utf8: #","text":"#)
                JSONText.appendQuoted(
                    self.phrases.text(reason, value: value, isStrongest: place == 0), to: &out)
                out.append(utf8: "}")
            }
            out.append(utf8: "]")
        }
        if let change = prediction.change { self.append(change, features: features, to: &out) }
    }

    private func append(_ change: ScoreChange, features: [FeatureValue], to out: inout [UInt8]) {
        out.append(utf8: #","score_change":{"from_probability":"#)
        out.append(utf8: JSONText.number(change.fromProbability))
        out.append(utf8: #","to_probability":"#)
        out.append(utf8: JSONText.number(change.toProbability))
        if let split = change.split {
            out.append(utf8: #","from_margin":"#)
            out.append(utf8: Self.number(split.fromMargin))
            out.append(utf8: #","to_margin":"#)
            out.append(utf8: Self.number(split.toMargin))
            let reasons = split.reasons(most: Self.mostOfChange)
            out.append(utf8: #","reasons":["#)
            for (place, reason) in reasons.enumerated() { self.append(reason, of: split, features, place, to: &out) }
            // What is left keeps the sum right.
            let named = reasons.reduce(0) { $0 + $1.contribution }
            out.append(utf8: #"],"others":"#)
            out.append(utf8: Self.number(split.toMargin - split.fromMargin - named))
        } else {
            out.append(utf8: #","reasons":[]"#)
        }
        out.append(utf8: #","text":"#)
        JSONText.appendQuoted(
            self.phrases.text(change, features: features, event: nil, most: Self.mostOfChange), to: &out)
        out.append(utf8: "}")
    }

    private func append(
        _ reason: Reason, of split: ScoreChange.Split, _ features: [FeatureValue], _ place: Int, to out: inout [UInt8]
    ) {
        let change = split.changed.first { $0.feature == reason.feature }
        let value = features[reason.feature]
        self.append(reason, isFirst: place == 0, to: &out)
        out.append(utf8: #","from":"#)
        JSONText.append(change?.from ?? value, to: &out)
        out.append(utf8: #","to":"#)
        JSONText.append(value, to: &out)
        out.append(utf8: #","text":"#)
        JSONText.appendQuoted(
            self.phrases.text(reason, change: change, value: value, isStrongest: place == 0), to: &out)
        out.append(utf8: "}")
    }

    /// Opens an object with the feature and its contribution.
    private func append(_ reason: Reason, isFirst: Bool, to out: inout [UInt8]) {
        out.append(utf8: isFirst ? #"{"feature":"# : #",{"feature":"#)
        out.append(contentsOf: self.columns[reason.feature])
        out.append(utf8: #","contribution":"#)
        out.append(utf8: Self.number(reason.contribution))
    }

    /// Eight decimals: what is beyond them means nothing to a reader, and makes frames larger.
    private static func number(_ value: Double) -> String { JSONText.number((value * 1e8).rounded() / 1e8) }
}
