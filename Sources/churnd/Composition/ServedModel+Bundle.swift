import ChurnModel
import ChurnServe

extension XGBoostPredictor {
    /// What the server tells of the model.
    var served: ServedModel {
        let manifest = self.manifest
        return ServedModel(
            version: manifest.version, domain: manifest.domain,
            library: "\(manifest.library) \(manifest.libraryVersion)", trainingRows: manifest.training.rows,
            trainingPositives: manifest.training.positives, trees: manifest.training.rounds,
            metrics: [
                "auc": manifest.metrics.auc, "log_loss": manifest.metrics.logLoss,
                "brier_score": manifest.metrics.brierScore, "rows": Double(manifest.metrics.rows),
            ])
    }
}
