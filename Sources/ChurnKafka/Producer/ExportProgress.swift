import ChurnCore

/// Remembers how far an exporter has come, so that it goes on there after a restart.
///
/// What is lost of it is exported again; it never runs ahead of what was delivered, and never backwards.
public struct ExportProgress<Position: Sendable>: Sendable {
    let load: @Sendable () async throws -> Position?
    let move: @Sendable (_ from: Position?, _ to: Position) async throws -> Bool
    let lease: ExportLease

    /// Progress that is kept somewhere.
    ///
    /// - Parameters:
    ///   - lease: makes one of several processes the one that exports.
    ///   - load: gives the position that was kept last, nil before the first time. It throws where that cannot be read:
    ///     an exporter that took it for the first time would leave out what came since.
    ///   - move: keeps a position where the one before it is still kept; returns whether it did.
    public init(
        lease: ExportLease = .exclusive, load: @escaping @Sendable () async throws -> Position?,
        move: @escaping @Sendable (_ from: Position?, _ to: Position) async throws -> Bool
    ) {
        self.lease = lease
        self.load = load
        self.move = move
    }
}

/// Makes one of several processes the holder of an export for some time.
public struct ExportLease: Sendable {
    /// The time for which a holder that says nothing remains it.
    let duration: Duration
    let claim: @Sendable (Duration) async throws -> Bool
    let release: @Sendable () async throws -> Void

    /// A lease that is kept somewhere.
    ///
    /// - Parameters:
    ///   - duration: how long a holder that says nothing remains it: longer than a delivery may take.
    ///   - claim: takes or keeps the lease for this time from now on; returns whether this process has it.
    ///   - release: gives it up.
    public init(
        duration: Duration = .seconds(45), claim: @escaping @Sendable (Duration) async throws -> Bool,
        release: @escaping @Sendable () async throws -> Void
    ) {
        self.duration = duration
        self.claim = claim
        self.release = release
    }

    /// The lease of a process that is alone.
    public static let exclusive = Self(claim: { _ in true }, release: {})
}
