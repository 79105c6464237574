import CPostgres

extension PostgresHandle {
    /// Runs a COPY from the client.
    func copy(_ sql: String, _ data: [UInt8]) throws -> Result<PostgresResult, PostgresFailure> {
        let deadline = self.deadline()
        try self.check(PQsendQuery(self.raw, sql))
        try self.flush(until: deadline)
        guard let opened = try self.nextResult() else { throw self.noting(PostgresFailure(.lost)) }
        if opened.status == PGRES_COPY_IN {
            try data.withUnsafeBytes { bytes in
                for start in stride(from: 0, to: bytes.count, by: Self.copyPiece) {
                    let piece = UnsafeRawBufferPointer(
                        rebasing: bytes[start..<min(start + Self.copyPiece, bytes.count)])
                    let text = piece.assumingMemoryBound(to: CChar.self).baseAddress
                    try self.put(until: deadline) { PQputCopyData($0, text, Int32(piece.count)) }
                }
            }
            try self.put(until: deadline) { PQputCopyEnd($0, nil) }
            try self.flush(until: deadline)
        } else if opened.failure == nil {
            throw self.noting(PostgresFailure(.misuse))
        }
        var (last, failure) = (opened, opened.status == PGRES_COPY_IN ? nil : opened.failure)
        while let result = try self.nextResult() { (last, failure) = (result, failure ?? result.failure) }
        if let failure { return .failure(self.noting(failure)) }
        return .success(last)
    }

    /// The number of bytes of a COPY that are handed to libpq at once.
    private static let copyPiece = 1 << 16

    /// Hands libpq a part of a COPY, as soon as it takes it.
    private func put(until deadline: ContinuousClock.Instant?, _ part: (OpaquePointer) -> Int32) throws {
        while true {
            switch part(self.raw) {
            case 1: return
            case 0: try self.flush(until: deadline)
            default: throw self.noting(PostgresFailure(.lost))
            }
        }
    }
}
