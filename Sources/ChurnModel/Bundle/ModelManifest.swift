import ChurnCore

/// All that a model bundle says about its model.
public struct ModelManifest: Codable, Hashable, Sendable {
    /// The form of bundles that this version writes.
    public static let currentFormat = 2
    /// The forms that it reads; the first knew neither calibration nor reports.
    public static let readableFormats = 1...2

    /// A file of the bundle.
    public struct FileRecord: Codable, Hashable, Sendable {
        /// The file's name in the bundle's folder.
        public var name: String
        /// Its size.
        public var bytes: Int
        /// SHA-256 of its bytes, in hexadecimal.
        public var sha256: String
    }

    /// The record of a model's training.
    public struct TrainingRecord: Codable, Hashable, Sendable {
        /// SHA-256 of the training file, or of the encoded rows where there was no file.
        public var dataDigest: String
        /// The number of customers in the data.
        public var rows: Int
        /// The number of those that left.
        public var positives: Int
        /// The seed of splits and sampling.
        public var seed: UInt64
        /// The number of trees.
        public var rounds: Int
        /// The parameters given to libxgboost.
        public var parameters: [String: String]
        /// SHA-256 of all options of the training; nil in the first form of bundles.
        public var parametersDigest: String?
        /// In how many folds the number of trees was chosen and the model measured; nil in the first form of bundles.
        public var folds: Int?
        /// Sentences for a person about the data, such as features that may be known too late; nil where there is none.
        public var remarks: [String]?
    }

    /// The form of the bundle.
    public var format: Int
    /// The model's version, made from the digests of all that decides a score.
    public var version: String
    /// The name of the domain.
    public var domain: String
    /// The library that made the booster.
    public var library: String
    /// That library's version.
    public var libraryVersion: String
    /// The encoding of features as columns.
    public var encoder: EncoderSpec
    /// The encoder's digest; differs from the encoder's own where either was altered.
    public var encoderDigest: String
    /// The columns' names, for readers of the booster in other languages.
    public var columns: [String]
    /// The record of the training.
    public var training: TrainingRecord
    /// The calibrated measures on customers that the model had not seen.
    public var metrics: ModelMetrics
    /// The calibration of the booster's scores; nil where they count as they are.
    public var calibration: ProbabilityCalibration?
    /// The booster's file.
    public var booster: FileRecord
    /// Rows with the scores that the model must give them.
    public var golden: [GoldenRow]
    /// The report's files; nil in the first form of bundles.
    public var report: [FileRecord]?

    /// The file of the training distribution; nil in bundles that were made before it was kept.
    public var distribution: FileRecord?

    /// The digest of the domain's schema that the model was made for.
    public var schemaDigest: String { self.encoder.schemaDigest }
}
