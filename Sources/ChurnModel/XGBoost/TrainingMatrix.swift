import CXGBoost

/// Rows and labels in libxgboost's own form.
///
/// The owner of its handle; one thread at a time uses it.
final class TrainingMatrix {
    let handle: DMatrixHandle
    let count: Int

    /// Copies rows that lie one after the other.
    init(rows: [Float], columns: Int, labels: [Float]) throws {
        var created: DMatrixHandle?
        try rows.withUnsafeBufferPointer { values in
            try XGBoostLibrary.check(
                XGDMatrixCreateFromDense(
                    XGBoostLibrary.arrayInterface(values, columns: columns), #"{"missing":NaN,"nthread":1}"#, &created))
        }
        guard let handle = created else { throw XGBoostFailure(message: "no matrix was created") }
        self.handle = handle
        self.count = labels.count
        try XGBoostLibrary.check(XGDMatrixSetFloatInfo(handle, "label", labels, bst_ulong(labels.count)))
    }

    deinit { XGDMatrixFree(self.handle) }
}
