/// The progress of training.
public struct TrainingProgress: Hashable, Sendable {
    /// The stages of training.
    public enum Stage: String, Hashable, Sendable {
        /// Trying a combination of parameters.
        case trial
        /// Finding out how many trees are best.
        case search
        /// Making the model with that many trees.
        case fit
    }

    /// The stage.
    public var stage: Stage
    /// The number of the fit in a cross-validation on given folds, from 1; 1 in plain training.
    public var fold: Int
    /// The number of fits.
    public var folds: Int
    /// The number of trees so far.
    public var round: Int
    /// The most trees that there can be.
    public var rounds: Int
    /// The loss on customers that had not been seen, over all folds; nil while the model is made.
    public var validationLoss: Double?
    /// The number of the combination of parameters being tried, from 1; 0 outside a search.
    public var trial = 0
}
