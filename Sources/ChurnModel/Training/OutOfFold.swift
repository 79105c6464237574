/// The result of cross-validation: scores of customers by boosters that had not seen them.
struct OutOfFold {
    /// The number of trees that gave the lowest loss.
    var rounds: Int
    /// That loss: logarithmic, weighted by class as training is.
    var loss: Double
    /// The scores at that number of trees, in the places' order.
    var scores: [Float]
    /// The fold of each place.
    var folds: [Int]
}
