public import ChurnCore

/// A time during which customers were other than those that a model learned from.
public struct DriftEpisode: Hashable, Sendable {
    /// Its number, rising.
    public var id: Int64
    /// The model that served.
    public var version: String
    /// The features that moved, in the schema's order, and `score`.
    public var columns: [String]
    /// The shortest window that shows it.
    public var window: DriftWindow
    /// The time at which it was found.
    public var began: Timestamp
    /// The time at which it was found to be over; nil while it lasts.
    public var ended: Timestamp?

    /// Creates an episode.
    public init(
        id: Int64, version: String, columns: [String], window: DriftWindow, began: Timestamp, ended: Timestamp? = nil
    ) {
        self.id = id
        self.version = version
        self.columns = columns
        self.window = window
        self.began = began
        self.ended = ended
    }

    /// The time within which no second episode of a model begins: a shift shows in one column after the other, and is
    /// reported once.
    package static let pause = Duration.seconds(86_400)
}

/// Keeps the episodes of drift, the same for all processes, so that each is reported once.
public protocol DriftLog: Sendable {
    /// Begins an episode.
    ///
    /// - Returns: the episode; nil where one of the model lasts that has one of these columns, or began less than a day
    ///   ago and lasts: another process was faster, or the shift was reported already.
    func beginDrift(
        of version: String, columns: [String], window: DriftWindow, at time: Timestamp
    ) async throws -> DriftEpisode?

    /// Ends an episode; returns false where it had ended already.
    func endDrift(_ id: Int64, at time: Timestamp) async throws -> Bool

    /// The episodes that last, and those that ended at or after a time, oldest first.
    func driftEpisodes(since time: Timestamp) async throws -> [DriftEpisode]
}
