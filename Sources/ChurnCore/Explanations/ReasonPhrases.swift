/// Phrases reasons in the terms of the domain: "Month-to-month contract raises the risk most".
///
/// | value | text |
/// |---|---|
/// | a category | the category and the label: "Month-to-month contract" |
/// | a category that denies something | the label and the category: "tech support: No internet service" |
/// | a category that is a number | the label and the category: "area code 415" |
/// | yes and no, as text or boolean | the label, or "no" and the label: "no tech support" |
/// | a number | the label and the number: "tenure of 2" |
/// | a missing value | "unknown" and the label: "unknown total charges" |
package struct ReasonPhrases: Sendable {
    private let schema: FeatureSchema
    private let labels: [String]
    /// The phrases of the categories that the domain file lists.
    private let categories: [[String: String]]

    /// Prepares the phrases of a domain.
    public init(schema: FeatureSchema) {
        self.schema = schema
        let labels = schema.features.map { FeatureLabel($0).text }
        self.labels = labels
        self.categories = zip(schema.features, labels).map { feature, label in
            Dictionary(
                feature.categories.map { ($0, Self.phrase($0, label)) }, uniquingKeysWith: { first, _ in first })
        }
    }

    /// Returns a feature's name for the middle of a sentence.
    public func label(of feature: Int) -> String { self.labels[feature] }

    /// A feature with its value, for the middle of a sentence.
    public func phrase(_ feature: Int, _ value: FeatureValue) -> String {
        let label = self.labels[feature]
        switch value {
        case .missing: return "unknown " + label
        case .boolean(let claim): return claim ? label : "no " + label
        case .number(let number): return label + " of " + PlainNumber.text(number)
        case .text(let text): return self.categories[feature][text] ?? Self.phrase(text, label)
        }
    }

    private static func phrase(_ text: String, _ label: String) -> String {
        switch text.lowercased() {
        case "yes", "true", "y": return label
        case "no", "false", "n": return "no " + label
        case let small where small.hasPrefix("no "): return label + ": " + text
        case let small where small.allSatisfy(\.isNumber): return label + " " + text
        case let small where small.contains(label.lowercased()): return text
        default: return text + " " + label
        }
    }

    /// One reason as a sentence without a full stop.
    ///
    /// - Parameters:
    ///   - value: the feature's value.
    ///   - isStrongest: whether it is the first of its list.
    public func text(_ reason: Reason, value: FeatureValue, isStrongest: Bool) -> String {
        let phrase = Self.capitalised(self.phrase(reason.feature, value))
        return phrase + (reason.contribution > 0 ? " raises the risk" : " lowers the risk")
            + (isStrongest ? " most" : "")
    }

    /// A whole explanation as one line: the probability and the strongest reasons with their contributions.
    public func text(_ reasons: [Reason], features: [FeatureValue], probability: Double) -> String {
        guard !reasons.isEmpty else { return PlainNumber.hundredths(probability) + ": no feature moves the score" }
        let parts = reasons.enumerated().map { place, reason in
            let text = self.text(reason, value: features[reason.feature], isStrongest: place == 0)
            return text + " (" + PlainNumber.signed(reason.contribution) + ")"
        }
        return PlainNumber.hundredths(probability) + ": " + parts.joined(separator: "; ")
    }

    static func capitalised(_ text: String) -> String {
        guard let first = text.first, first.isLowercase else { return text }
        return first.uppercased() + text.dropFirst()
    }
}
