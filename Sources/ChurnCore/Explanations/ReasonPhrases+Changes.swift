extension ReasonPhrases {
    /// Returns one feature's part in a change of score as a sentence without a full stop.
    ///
    /// - Parameters:
    ///   - change: what happened to the feature; nil where it stayed as it was.
    ///   - value: the feature's value now; nil where it is not known.
    ///   - isStrongest: whether it is the first of its list.
    public func text(
        _ reason: Reason, change: ChangedFeature?, value: FeatureValue?, isStrongest: Bool
    ) -> String {
        let verb = reason.contribution > 0 ? " raises the risk" : " lowers the risk"
        guard let change else {
            // Its part of the risk depends on the features that did change.
            let phrase = value.map { self.phrase(reason.feature, $0) } ?? self.label(of: reason.feature)
            return Self.capitalised(phrase)
                + (reason.contribution > 0 ? " now counts for more risk" : " now counts for less risk")
        }
        return Self.capitalised(self.phrase(change)) + verb + (isStrongest ? " most" : "")
    }

    /// A feature's change, for the middle of a sentence: "contract from One year to Month-to-month".
    public func phrase(_ change: ChangedFeature) -> String {
        self.label(of: change.feature) + " from " + Self.word(change.from) + " to " + Self.word(change.to)
    }

    /// A whole change as one line, such as "0.41 to 0.78 after contract downgrade: tenure of 2 +1.21".
    ///
    /// - Parameters:
    ///   - features: the features after the event.
    ///   - event: the type of the event in between; nil where it is said elsewhere.
    ///   - limit: how many features are named; the others are summed up.
    public func text(_ change: ScoreChange, features: [FeatureValue]?, event: EventType?, limit: Int = 3) -> String {
        let (from, to) = (PlainNumber.hundredths(change.fromProbability), PlainNumber.hundredths(change.toProbability))
        var text = from + " to " + to
        if let event { text += " after " + event.rawValue.replacing("_", with: " ") }
        guard let split = change.split else {
            return text
                + ": the last score was made by another model or of other data, so the difference is not this event's"
        }
        let reasons = split.reasons()
        var parts = reasons.prefix(limit).map { reason in
            let phrase =
                split.changed.first { $0.feature == reason.feature }.map { self.phrase($0) }
                ?? features.map { self.phrase(reason.feature, $0[reason.feature]) } ?? self.label(of: reason.feature)
            return phrase + " " + PlainNumber.signed(reason.contribution)
        }
        let others = reasons.dropFirst(limit)
        if !others.isEmpty {
            let sum = others.reduce(0) { $0 + $1.contribution }
            parts.append(
                "\(others.count) other \(others.count == 1 ? "feature" : "features") " + PlainNumber.signed(sum))
        }
        return parts.isEmpty ? text + ": no feature moved the score" : text + ": " + parts.joined(separator: ", ")
    }

    private static func word(_ value: FeatureValue) -> String {
        switch value {
        case .missing: "unknown"
        case .boolean(let claim): claim ? "yes" : "no"
        case .number(let number): PlainNumber.text(number)
        case .text(let text): text
        }
    }
}
