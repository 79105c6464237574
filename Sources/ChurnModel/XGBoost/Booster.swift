import CXGBoost
import ChurnCore

/// A trained booster, for prediction only.
///
/// The owner of its handle.
final class Booster: Sendable {
    private static let predictionConfig =
        #"{"type":0,"training":false,"iteration_begin":0,"iteration_end":0,"missing":NaN,"strict_shape":false,"#
        + #""cache_id":0}"#
    private static let contributionConfig =
        #"{"type":2,"training":false,"iteration_begin":0,"iteration_end":0,"strict_shape":false}"#

    // Set once and freed in deinit. Between the two only in-place prediction uses it, which libxgboost documents as
    // thread-safe; the first prediction, which configures the booster, is made in init. Parameters never change.
    nonisolated(unsafe) private let handle: BoosterHandle

    // Held while libxgboost explains: only in-place prediction is documented as thread-safe.
    private let explaining = Locked(())

    /// The number of columns in a row.
    let columns: Int

    /// Loads a booster that `TrainingBooster` or another program saved, in either of libxgboost's formats.
    init(bytes: [UInt8]) throws {
        var created: BoosterHandle?
        try XGBoostLibrary.check(XGBoosterCreate(nil, 0, &created))
        guard let handle = created else { throw XGBoostFailure(message: "no booster was created") }
        do {
            try XGBoostLibrary.check(XGBoosterSetParam(handle, "nthread", "1"))
            try XGBoostLibrary.check(XGBoosterSetParam(handle, "verbosity", "0"))
            try XGBoostLibrary.check(
                bytes.withUnsafeBytes { XGBoosterLoadModelFromBuffer(handle, $0.baseAddress, bst_ulong($0.count)) })
            // Once more: loading a model brings its own parameters.
            try XGBoostLibrary.check(XGBoosterSetParam(handle, "nthread", "1"))
            try XGBoostLibrary.check(XGBoosterSetParam(handle, "verbosity", "0"))
            var columns: bst_ulong = 0
            try XGBoostLibrary.check(XGBoosterGetNumFeature(handle, &columns))
            guard let columns = Int(exactly: columns), (1...1_000_000).contains(columns) else {
                throw XGBoostFailure(message: "the booster has no columns, or too many")
            }
            self.columns = columns
            self.handle = handle
        } catch {
            XGBoosterFree(handle)
            throw error
        }
        _ = try self.predict(Array(repeating: .nan, count: self.columns))
    }

    deinit { XGBoosterFree(self.handle) }

    /// Scores rows that lie one after the other.
    func predict(_ rows: [Float]) throws -> [Float] {
        guard rows.count.isMultiple(of: self.columns) else {
            throw XGBoostFailure(message: "the rows are not as wide as the booster's")
        }
        let count = rows.count / self.columns
        guard count > 0 else { return [] }
        return try rows.withUnsafeBufferPointer { values in
            var shape: UnsafePointer<bst_ulong>?
            var dimensions: bst_ulong = 0
            var result: UnsafePointer<Float>?
            try XGBoostLibrary.check(
                XGBoosterPredictFromDense(
                    self.handle, XGBoostLibrary.arrayInterface(values, columns: self.columns), Self.predictionConfig,
                    nil, &shape, &dimensions, &result))
            guard let result, let shape, dimensions == 1, shape[0] == count else {
                throw XGBoostFailure(message: "the booster does not give one score for each row")
            }
            // The result lies in a buffer of this thread that its next call overwrites.
            return Array(UnsafeBufferPointer(start: result, count: count))
        }
    }

    /// libxgboost's own contributions to the margin: for each row one of each column, and then the base.
    ///
    /// Some fifty times slower than ``TreeExplainer``; that one is measured against it and falls back to it.
    func contributions(_ rows: [Float]) throws -> [Float] {
        let matrix = try TrainingMatrix(
            rows: rows, columns: self.columns, labels: Array(repeating: 0, count: rows.count / self.columns))
        return try self.explaining.withLock { _ in
            var shape: UnsafePointer<bst_ulong>?
            var dimensions: bst_ulong = 0
            var result: UnsafePointer<Float>?
            try XGBoostLibrary.check(
                XGBoosterPredictFromDMatrix(
                    self.handle, matrix.handle, Self.contributionConfig, &shape, &dimensions, &result))
            guard let result, let shape, dimensions == 2, shape[0] == matrix.count, shape[1] == self.columns + 1 else {
                throw XGBoostFailure(message: "the booster does not give one contribution for each column")
            }
            return Array(UnsafeBufferPointer(start: result, count: matrix.count * (self.columns + 1)))
        }
    }

    /// The booster as libxgboost holds it, in its binary JSON.
    func saved() throws -> [UInt8] {
        try self.explaining.withLock { _ in
            var length: bst_ulong = 0
            var bytes: UnsafePointer<CChar>?
            try XGBoostLibrary.check(
                XGBoosterSaveModelToBuffer(self.handle, #"{"format":"ubj"}"#, &length, &bytes))
            guard let bytes else { throw XGBoostFailure(message: "the booster cannot be saved") }
            return Array(UnsafeRawBufferPointer(start: bytes, count: Int(length)))
        }
    }
}
