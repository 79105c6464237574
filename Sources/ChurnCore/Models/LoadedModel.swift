/// A model in memory with all that hangs on it, so that a swap replaces everything at once.
///
/// Whoever needs more than one of its parts takes the whole from a ``ModelLineup`` first: the slot may hold another
/// model a moment later.
public struct LoadedModel: Sendable {
    /// Makes the scores.
    public var predictor: any Predictor
    /// The model's description of itself.
    public var description: ModelDescription
    /// The distribution of the customers that it learned from; nil where its bundle has none.
    public var distribution: TrainingDistribution?

    /// The name that is stored with every prediction.
    public var identity: ModelIdentity { self.predictor.model }

    /// Creates a model.
    ///
    /// - `description`: nil for a predictor that is no more than its version, as in tests.
    /// - `distribution`: how the customers that it learned from were spread.
    public init(
        predictor: any Predictor, description: ModelDescription? = nil, distribution: TrainingDistribution? = nil
    ) {
        self.predictor = predictor
        self.distribution = distribution
        self.description =
            description
            ?? ModelDescription(
                version: predictor.model.version, domain: "", library: "", trainingRows: 0, trainingPositives: 0,
                trees: 0, metrics: [:])
    }
}
