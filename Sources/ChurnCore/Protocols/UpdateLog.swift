/// Keeps the updates that were written, for a stated time, in order within each partition.
public protocol UpdateLog: Sendable {
    /// What was written after the cursor, oldest first within each partition, and which partitions have a gap.
    ///
    /// - Parameter limit: the most blocks to return, at least 1.
    func updates(after cursor: UpdateCursor, limit: Int) async throws -> UpdatePage

    /// The cursor of a reader that has seen everything written so far.
    func end() async throws -> UpdateCursor
}
