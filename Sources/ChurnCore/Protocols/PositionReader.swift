/// Says where the partitions of a stream go on.
public protocol PositionReader: Sendable {
    /// The stream's current identity and the stored progress of these partitions.
    ///
    /// - Throws: an error of disposition `retry` when the store cannot be reached.
    func positions(of stream: StreamName, partitions: [Int32]) async throws -> StreamPositions
}
