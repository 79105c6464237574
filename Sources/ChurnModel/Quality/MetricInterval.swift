/// A mean over folds with its 95 % interval.
///
/// Folds share most of their training customers, so that their results lie closer together than independent ones would;
/// the variance is corrected for it (Nadeau and Bengio, "Inference for the Generalization Error", 2003).
public struct MetricInterval: Codable, Hashable, Sendable {
    /// The 97.5 % points of Student's distribution with 1 to 30 degrees of freedom.
    private static let points = [
        12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228, 2.201, 2.179, 2.160, 2.145, 2.131, 2.120,
        2.110, 2.101, 2.093, 2.086, 2.080, 2.074, 2.069, 2.064, 2.060, 2.056, 2.052, 2.048, 2.045, 2.042,
    ]

    /// The mean.
    public var mean: Double
    /// The interval's lower end.
    public var lower: Double
    /// The interval's upper end.
    public var upper: Double

    /// Summarises the folds' values.
    ///
    /// - `testShare`: the share of customers that each fold measures, such as 0.2 of five folds.
    public init(_ values: [Double], testShare: Double) {
        let count = Double(max(values.count, 1))
        let mean = values.reduce(0, +) / count
        self.mean = mean
        guard values.count > 1, testShare > 0, testShare < 1 else {
            (self.lower, self.upper) = (mean, mean)
            return
        }
        let variance = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / (count - 1)
        let error = (variance * (1 / count + testShare / (1 - testShare))).squareRoot()
        let freedom = values.count - 1
        // From 31 degrees on the next term of the distance to the normal distribution's 1.96 is below 0.0005.
        let point = freedom <= 30 ? Self.points[freedom - 1] : 1.96 + 2.4 / Double(freedom)
        self.lower = mean - point * error
        self.upper = mean + point * error
    }
}
