import ChurnCore
import ChurnModel
import Foundation

/// The output of `churnd train` when it has finished.
enum TrainingTables {
    /// The warning about a model that is better than churn can be predicted.
    static func doubt(auc: Double) -> String? {
        guard auc >= 0.99 else { return nil }
        return """
            an AUC this high is rare: look for a feature that is known only after a customer left, or repeated customers; \
            `churnd explain --summary` says which features matter most
            """
    }

    /// The warning about class weights whose effect on probabilities nothing takes back.
    static func doubt(_ options: TrainingOptions) -> String? {
        guard options.classWeight != .factor(1), options.calibration == .none else { return nil }
        return """
            class weights without a calibration: scores are no probabilities, and bands and thresholds mean other shares of \
            customers; choose a calibration such as blend
            """
    }

    static func model(_ manifest: ModelManifest, folder: String) -> String {
        let metrics = manifest.metrics
        let share = Double(manifest.training.positives) / Double(max(manifest.training.rows, 1)) * 100
        var lines = [
            "model        \(manifest.version)",
            "written to   \(folder), with report.md",
            String(format: "customers    %d, of whom %.1f %% left", manifest.training.rows, share),
            "trees        \(manifest.training.rounds)",
            "calibration  \(manifest.calibration?.method.rawValue ?? "none")",
            "",
            "Measured on folds, each customer by a model that has not seen it:",
            String(format: "AUC          %.4f", metrics.auc),
            String(format: "log loss     %.4f", metrics.logLoss),
            String(format: "Brier score  %.4f", metrics.brierScore),
            String(format: "calib. error %.4f", metrics.calibrationError ?? 0),
            String(format: "lift         %.2f of the highest tenth", metrics.liftTopDecile ?? 0),
            "",
            "probability  customers  predicted  observed",
        ]
        lines += metrics.calibration.map { bin in
            String(
                format: "%.1f to %.1f   %9d  %9.3f %9.3f", bin.lower, bin.upper, bin.count, bin.meanProbability,
                bin.observedRate)
        }
        return lines.joined(separator: "\n")
    }

    static func crossValidation(_ result: CrossValidation) -> String {
        var lines = ["repetition    folds     AUC  log loss   Brier  calib.   lift  trees"]
        for column in result.columns {
            let part = result.repetition(column)
            let trees = part.folds.reduce(0) { $0 + $1.rounds } / max(part.folds.count, 1)
            let name = column.padding(toLength: 12, withPad: " ", startingAt: 0)
            lines.append(
                name
                    + String(
                        format: " %6d  %.4f    %.4f  %.4f  %.4f  %5.2f  %5d", part.folds.count, part.mean(\.auc),
                        part.mean(\.logLoss), part.mean(\.brierScore), part.mean { $0.calibrationError ?? 0 },
                        part.mean { $0.liftTopDecile ?? 0 }, trees))
        }
        lines.append(
            String(
                format: "mean AUC %.5f (standard deviation over %d folds %.5f), log loss %.5f, Brier score %.5f, "
                    + "calibration error %.5f",
                result.mean(\.auc), result.folds.count, result.deviation(\.auc), result.mean(\.logLoss),
                result.mean(\.brierScore), result.mean { $0.calibrationError ?? 0 }))
        return lines.joined(separator: "\n")
    }
}
