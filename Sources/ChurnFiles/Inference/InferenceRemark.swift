public import ChurnCore

/// A sentence for a person to check before an inferred domain is relied on.
public struct InferenceRemark: Hashable, Sendable, ExpressibleByStringInterpolation {
    /// The sentence.
    public let text: String
    /// The kind of failure that a choice avoids; nil where there is none to make.
    public let code: ChurnError.Code?

    /// Creates a remark.
    public init(_ text: String, code: ChurnError.Code? = nil) {
        self.text = text
        self.code = code
    }

    /// Creates a remark without a choice.
    public init(stringLiteral text: String) { self.init(text) }
}
