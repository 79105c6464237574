import ChurnCore
import Foundation

/// The report on a training run for a data scientist; in the bundle as Markdown, JSON and pictures.
///
/// Holds no time and no place, so that the same training writes the same report.
struct TrainingReport: Codable, Hashable {
    struct DataSet: Codable, Hashable {
        var sha256: String
        var rows: Int
        var positives: Int
        var features: [FeatureRecord]
        /// Sentences for a person about the data; nil where there is none.
        var remarks: [String]?
    }

    var version: String
    var domain: String
    var library: String
    var data: DataSet
    /// All options of the training, by name.
    var options: [String: String]
    var optionsSHA256: String
    /// The parameters that libxgboost was given, after the search.
    var parameters: [String: String]
    var rounds: Int
    var trials: [SearchTrial]
    var calibration: ProbabilityCalibration?
    /// The evaluation of the probabilities that the model gives.
    var calibrated: ModelEvaluation
    /// The evaluation of the booster's scores before calibration.
    var uncalibrated: ModelEvaluation
    var curves: QualityCurves
    var uncalibratedCurves: QualityCurves

    init(_ fit: FittedModel, of data: TrainingData, options: TrainingOptions, version: String) {
        let outOfFold = fit.outOfFold
        let probabilities = ProbabilityCalibration.crossFitted(
            options.calibration, scores: outOfFold.scores, labels: data.labels, folds: outOfFold.folds
        ).map { Double($0) }
        let scores = outOfFold.scores.map { Double($0) }
        self.version = version
        self.domain = data.domainName
        self.library = "xgboost \(XGBoostLibrary.version)"
        self.data = DataSet(
            sha256: data.digest, rows: data.count, positives: data.labels.count { $0 }, features: data.features,
            remarks: data.remarks.isEmpty ? nil : data.remarks)
        self.options = options.described
        self.optionsSHA256 = options.digest
        self.parameters = fit.parameters
        self.rounds = outOfFold.rounds
        self.trials = fit.trials
        self.calibration = fit.calibration
        self.calibrated = ModelEvaluation(probabilities: probabilities, labels: data.labels, folds: outOfFold.folds)
        self.uncalibrated = ModelEvaluation(probabilities: scores, labels: data.labels, folds: outOfFold.folds)
        self.curves = QualityCurves(probabilities: probabilities, labels: data.labels)
        self.uncalibratedCurves = QualityCurves(probabilities: scores, labels: data.labels)
    }

    /// The report's files by name.
    func files() throws -> [String: [UInt8]] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        var files = ReportPictures(self).files.mapValues { Array($0.utf8) }
        files["report.json"] = Array(try encoder.encode(self)) + [UInt8(ascii: "\n")]
        files["report.md"] = Array(self.markdown.utf8)
        return files
    }
}
