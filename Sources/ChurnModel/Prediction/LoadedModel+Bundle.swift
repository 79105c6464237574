public import ChurnCore
public import CoreMetrics

extension LoadedModel {
    /// The model of a bundle, with all that hangs on it.
    ///
    /// - Parameter metrics: where missing values and unknown categories are counted; nil for nowhere.
    public init(_ predictor: XGBoostPredictor, metrics: (any MetricsFactory)? = nil) {
        self.init(
            predictor: metrics.map { predictor.counting(with: $0) } ?? predictor,
            description: ModelDescription(predictor.manifest),
            distribution: predictor.distribution)
    }
}

extension ModelDescription {
    /// Creates the description from a bundle's manifest.
    public init(_ manifest: ModelManifest) {
        var metrics = [
            "auc": manifest.metrics.auc, "log_loss": manifest.metrics.logLoss,
            "brier_score": manifest.metrics.brierScore, "rows": Double(manifest.metrics.rows),
        ]
        metrics["calibration_error"] = manifest.metrics.calibrationError
        metrics["lift_top_decile"] = manifest.metrics.liftTopDecile
        self.init(
            version: manifest.version, domain: manifest.domain,
            library: "\(manifest.library) \(manifest.libraryVersion)", trainingRows: manifest.training.rows,
            trainingPositives: manifest.training.positives, trees: manifest.training.rounds,
            metrics: metrics)
    }
}
