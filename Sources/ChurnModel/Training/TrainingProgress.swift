/// How far training has come.
public struct TrainingProgress: Hashable, Sendable {
    /// What is being done.
    public enum Stage: String, Hashable, Sendable {
        /// Trying a combination of parameters.
        case trial
        /// Finding out how many trees are best.
        case search
        /// Making the model with that many trees.
        case fit
    }

    /// What is being done.
    public var stage: Stage
    /// Which fit of a cross-validation on given folds it is, from 1; 1 in plain training.
    public var fold: Int
    /// How many fits there are.
    public var folds: Int
    /// How many trees there are.
    public var round: Int
    /// The most trees that there can be.
    public var rounds: Int
    /// The loss on customers that had not been seen, over all folds; nil while the model is made.
    public var validationLoss: Double?
    /// Which combination of parameters is being tried, from 1; 0 outside a search.
    public var trial = 0
}
