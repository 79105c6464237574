import CXGBoost

/// A booster that is being trained.
///
/// The owner of its handle; one thread at a time uses it.
final class TrainingBooster {
    private let handle: BoosterHandle
    private let matrix: TrainingMatrix
    private let watched: TrainingMatrix?
    private var rounds: Int32 = 0

    /// - Parameters:
    ///   - matrix: what is learned.
    ///   - watched: rows that will be scored after every round; naming them here lets libxgboost go on from the
    ///     round before.
    init(parameters: [String: String], matrix: TrainingMatrix, watched: TrainingMatrix? = nil) throws {
        self.matrix = matrix
        self.watched = watched
        var created: BoosterHandle?
        let matrices: [DMatrixHandle?] = [matrix.handle] + (watched.map { [$0.handle] } ?? [])
        try XGBoostLibrary.check(XGBoosterCreate(matrices, bst_ulong(matrices.count), &created))
        guard let handle = created else { throw XGBoostFailure(message: "no booster was created") }
        self.handle = handle
        for (name, value) in parameters.sorted(by: { $0.key < $1.key }) {
            try XGBoostLibrary.check(XGBoosterSetParam(handle, name, value))
        }
    }

    deinit { XGBoosterFree(self.handle) }

    /// Adds one tree.
    func update() throws {
        try XGBoostLibrary.check(XGBoosterUpdateOneIter(self.handle, self.rounds, self.matrix.handle))
        self.rounds += 1
    }

    /// The scores of the watched rows.
    func watchedScores() throws -> [Float] {
        guard let watched = self.watched else { return [] }
        let config = #"{"type":0,"training":false,"iteration_begin":0,"iteration_end":0,"strict_shape":false}"#
        var shape: UnsafePointer<bst_ulong>?
        var dimensions: bst_ulong = 0
        var result: UnsafePointer<Float>?
        try XGBoostLibrary.check(
            XGBoosterPredictFromDMatrix(self.handle, watched.handle, config, &shape, &dimensions, &result))
        guard let result, let shape, dimensions == 1, shape[0] == watched.count else {
            throw XGBoostFailure(message: "the booster does not give one score for each row")
        }
        return Array(UnsafeBufferPointer(start: result, count: watched.count))
    }

    /// The booster in one of libxgboost's formats.
    func saved(as format: BoosterFormat) throws -> [UInt8] {
        var length: bst_ulong = 0
        var bytes: UnsafePointer<CChar>?
        try XGBoostLibrary.check(
            XGBoosterSaveModelToBuffer(self.handle, #"{"format":"\#(format.rawValue)"}"#, &length, &bytes))
        guard let bytes else { throw XGBoostFailure(message: "the booster cannot be saved") }
        return Array(UnsafeRawBufferPointer(start: bytes, count: Int(length)))
    }
}
