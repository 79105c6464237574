/// Keeps the updates that were written, for a stated time, in order within each partition.
public protocol UpdateLog: Sendable {
    /// Returns the updates after the cursor, oldest first within each partition, and the partitions that have a gap.
    ///
    /// All of an epoch of a stream comes before the first update of its next one. Epochs older than one that the cursor
    /// names are over for its reader, unless the cursor names them too.
    ///
    /// - `limit`: the most blocks to return, at least 1.
    /// - `bytes`: about the most bytes of frames to return; one block comes however large it is.
    func updates(after cursor: UpdateCursor, limit: Int, bytes: Int) async throws -> UpdatePage

    /// The cursor of a reader that has seen everything written so far.
    func end() async throws -> UpdateCursor
}

extension UpdateLog {
    /// Returns the updates after the cursor, of a size that a reader can hold; see ``updates(after:limit:bytes:)``.
    public func updates(after cursor: UpdateCursor, limit: Int) async throws -> UpdatePage {
        try await self.updates(after: cursor, limit: limit, bytes: UpdatePage.defaultBytes)
    }
}

extension UpdatePage {
    /// The default size of a page's frames, in bytes.
    public static let defaultBytes = 4 << 20
}
