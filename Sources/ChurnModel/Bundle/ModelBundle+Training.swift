import ChurnCore
import Crypto

extension ModelBundle {
    /// Makes a bundle of what training gives: measures it, writes its report and seals the golden rows.
    init(_ fit: FittedModel, of data: TrainingData, options: TrainingOptions) throws {
        let booster = try XGBoostLibrary.run(
            .internalError, .fatal, during: "make a bundle", advice: "libxgboost cannot use what it has made"
        ) { try Booster(bytes: fit.booster) }
        let scorer = ModelScorer(encoder: data.encoder, booster: booster, calibration: fit.calibration)
        let spec = data.encoder.spec
        let file = ModelManifest.FileRecord(
            name: "booster.\(options.format.rawValue)", bytes: fit.booster.count, sha256: SHA256.hex(of: fit.booster))
        let version = Self.version(
            domain: data.domainName, encoder: spec, boosterDigest: file.sha256, calibration: fit.calibration)
        let report = TrainingReport(fit, of: data, options: options, version: version)
        let reportFiles = try report.files()
        let distribution = TrainingDistribution(data, scores: scorer.calibrated(fit.outOfFold.scores))
        let counted = try distribution.json()
        let manifest = ModelManifest(
            format: ModelManifest.currentFormat, version: version, domain: data.domainName, library: "xgboost",
            libraryVersion: XGBoostLibrary.version, encoder: spec, encoderDigest: spec.digest, columns: spec.columns,
            training: ModelManifest.TrainingRecord(
                dataDigest: data.digest, rows: data.count, positives: data.labels.count { $0 }, seed: options.seed,
                rounds: fit.outOfFold.rounds, parameters: fit.parameters, parametersDigest: options.digest,
                folds: options.folds, remarks: data.remarks.isEmpty ? nil : data.remarks),
            metrics: report.calibrated.pooled, calibration: fit.calibration, booster: file,
            golden: try Self.golden(scorer, data),
            report: reportFiles.sorted { $0.key < $1.key }.map { name, bytes in
                ModelManifest.FileRecord(name: name, bytes: bytes.count, sha256: SHA256.hex(of: bytes))
            },
            distribution: ModelManifest.FileRecord(
                name: TrainingDistribution.fileName, bytes: counted.count, sha256: SHA256.hex(of: counted)))
        self.init(
            manifest: manifest, boosterBytes: fit.booster, scorer: scorer, reportFiles: reportFiles,
            distribution: distribution)
    }

    private static func golden(_ scorer: ModelScorer, _ data: TrainingData) throws -> [GoldenRow] {
        let rows = GoldenRow.inventedFeatures(spec: data.encoder.spec, ranges: data.ranges)
        let scores = try scorer.boosterScores(of: rows[...])
        let calibrated = scorer.calibrated(scores)
        return rows.indices.map {
            GoldenRow(
                features: rows[$0], score: scores[$0], calibrated: scorer.calibration == nil ? nil : calibrated[$0])
        }
    }
}
