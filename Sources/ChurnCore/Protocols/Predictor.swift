/// Turns features into churn probabilities.
///
/// Thread-safe and without side effects. A batch of one and a batch of thousands give the same bits.
public protocol Predictor: Sendable {
    /// The model that makes the scores.
    var model: ModelIdentity { get }

    /// The churn probability of each row, in the rows' order.
    ///
    /// - Parameter rows: features in the schema's order, one array a customer.
    /// - Returns: as many probabilities as there are rows, each in 0...1.
    /// - Throws: an error of disposition `reject` when a row cannot be scored.
    func predict(_ rows: [[FeatureValue]]) async throws -> [Double]

    /// Explains the scores of this very model; nil where no one can.
    var explainer: (any Explainer)? { get }

    /// The best executor for scoring, if the predictor works on threads of its own; nil for the caller's.
    ///
    /// The pipeline folds, scores and explains a batch there, which spares a small one a change of threads for each
    /// call.
    var executor: (any TaskExecutor)? { get }
}

extension Predictor {
    /// Nothing explains the scores, unless the predictor says otherwise.
    public var explainer: (any Explainer)? { nil }

    /// Wherever the caller is, unless the predictor says otherwise.
    public var executor: (any TaskExecutor)? { nil }
}
