extension FeatureValue {
    /// The value as the name of a segment; nil where it is missing.
    public var segmentName: String? {
        switch self {
        case .missing: nil
        case .text(let text): text
        case .boolean(let flag): flag ? "true" : "false"
        case .number(let number): JSONText.number(number)
        }
    }

    /// The number; nil where it is missing or none.
    public var numberValue: Double? { if case .number(let number) = self { number } else { nil } }

    /// Whether a model can read the value: every one but a number that is not finite in single precision.
    package var isUsable: Bool { self.numberValue?.isUsableFeature ?? true }
}

extension Double {
    /// Whether the number can be a feature: one that is finite in single precision too, in which models read it.
    package var isUsableFeature: Bool { Float(self).isFinite }
}
