public import ChurnCore

/// A run that gives every customer a score of the model that serves.
public struct RescoreRun: Hashable, Sendable {
    /// Its number, rising.
    public var id: Int64
    /// The model.
    public var version: String
    /// The one who asked for it.
    public var requestedBy: String
    /// The time at which it was asked for.
    public var requested: Timestamp
    /// The number of customers that were looked at so far.
    public var done: Int
    /// The id of the last of them; nil before the first.
    public var lastID: String?
    /// The time at which it ended; nil while it is under way.
    public var ended: Timestamp?
    /// The reason why it ended before everyone was scored; nil where it did not.
    public var reason: String?

    /// Creates a run.
    public init(
        id: Int64, version: String, requestedBy: String, requested: Timestamp, done: Int = 0, lastID: String? = nil,
        ended: Timestamp? = nil, reason: String? = nil
    ) {
        self.id = id
        self.version = version
        self.requestedBy = requestedBy
        self.requested = requested
        self.done = done
        self.lastID = lastID
        self.ended = ended
        self.reason = reason
    }

    /// The reason of a run in whose place another one was asked for.
    package static let replaced = "another run was asked for"
}

/// Keeps runs that score everyone again, so that they outlive the process that works on them.
public protocol RescoreLog: Sendable {
    /// Asks for a run, and ends those of other models that are under way.
    ///
    /// - `audit`: makes the audit log's entry, which is written together with a new run.
    /// - Returns: the run; the one of this model where one is under way.
    func requestRescore(
        of version: String, by actor: String, at now: Timestamp, audit: AuditNote<RescoreRun>?
    ) async throws -> RescoreRun

    /// Takes the run that is under way, for as long as `lease`; nil without one, and while another process has it.
    func claimRescore(at now: Timestamp, lease: Duration) async throws -> RescoreRun?

    /// Remembers how far a claimed run has come, or that it ended; returns false where it had ended already.
    func recordRescore(_ run: RescoreRun, at now: Timestamp, lease: Duration) async throws -> Bool

    /// The run that was asked for last; nil before the first.
    func newestRescore() async throws -> RescoreRun?
}
