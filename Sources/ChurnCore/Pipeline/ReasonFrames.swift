/// Writes the members `reasons` and `score_change` of a frame.
struct ReasonFrames: Sendable {
    /// A frame names this many features of a change; the sum of the others goes with them.
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
            out.append(literal: #","reasons":["#)
            for (place, reason) in prediction.reasons.enumerated() {
                let value = features[reason.feature]
                self.append(reason, isFirst: place == 0, to: &out)
                out.append(literal: #","text":"#)
                JSONText.appendQuoted(
                    self.phrases.text(reason, value: value, isStrongest: place == 0), to: &out)
                out.append(literal: "}")
            }
            out.append(literal: "]")
        }
        if let change = prediction.change { self.append(change, features: features, to: &out) }
    }

    private func append(_ change: ScoreChange, features: [FeatureValue], to out: inout [UInt8]) {
        out.append(literal: #","score_change":{"from_probability":"#)
        JSONText.append(change.fromProbability, to: &out)
        out.append(literal: #","to_probability":"#)
        JSONText.append(change.toProbability, to: &out)
        if let split = change.split {
            out.append(literal: #","from_margin":"#)
            Self.append(split.fromMargin, to: &out)
            out.append(literal: #","to_margin":"#)
            Self.append(split.toMargin, to: &out)
            let reasons = split.reasons(limit: Self.mostOfChange)
            out.append(literal: #","reasons":["#)
            for (place, reason) in reasons.enumerated() { self.append(reason, of: split, features, place, to: &out) }
            // What is left keeps the sum right.
            let named = reasons.reduce(0) { $0 + $1.contribution }
            out.append(literal: #"],"others":"#)
            Self.append(split.toMargin - split.fromMargin - named, to: &out)
        } else {
            out.append(literal: #","reasons":[]"#)
        }
        out.append(literal: #","text":"#)
        JSONText.appendQuoted(
            self.phrases.text(change, features: features, event: nil, limit: Self.mostOfChange), to: &out)
        out.append(literal: "}")
    }

    private func append(
        _ reason: Reason, of split: ScoreChange.Split, _ features: [FeatureValue], _ place: Int, to out: inout [UInt8]
    ) {
        let change = split.changed.first { $0.feature == reason.feature }
        let value = features[reason.feature]
        self.append(reason, isFirst: place == 0, to: &out)
        out.append(literal: #","from":"#)
        JSONText.append(change?.from ?? value, to: &out)
        out.append(literal: #","to":"#)
        JSONText.append(value, to: &out)
        out.append(literal: #","text":"#)
        JSONText.appendQuoted(
            self.phrases.text(reason, change: change, value: value, isStrongest: place == 0), to: &out)
        out.append(literal: "}")
    }

    /// Opens an object with the feature and its contribution.
    private func append(_ reason: Reason, isFirst: Bool, to out: inout [UInt8]) {
        out.append(literal: isFirst ? #"{"feature":"# : #",{"feature":"#)
        out.append(contentsOf: self.columns[reason.feature])
        out.append(literal: #","contribution":"#)
        Self.append(reason.contribution, to: &out)
    }

    /// Eight decimals: what is beyond them means nothing to a reader, and makes frames larger.
    private static func append(_ value: Double, to out: inout [UInt8]) {
        JSONText.append((value * 1e8).rounded() / 1e8, to: &out)
    }
}
