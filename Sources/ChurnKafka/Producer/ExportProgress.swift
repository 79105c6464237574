/// Remembers how far an exporter has come, so that it goes on there after a restart.
///
/// What is lost of it is exported again; it never runs ahead of what was delivered.
public struct ExportProgress<Position: Sendable>: Sendable {
    let load: @Sendable () async throws -> Position?
    let save: @Sendable (Position) async throws -> Void

    /// Progress that is kept somewhere.
    ///
    /// - Parameters:
    ///   - load: gives what was saved last, nil before the first time.
    ///   - save: keeps a position.
    public init(
        load: @escaping @Sendable () async throws -> Position?,
        save: @escaping @Sendable (Position) async throws -> Void
    ) {
        self.load = load
        self.save = save
    }

    /// Progress that is forgotten: every start exports all that is kept, from this position.
    public static func forgotten(from position: Position) -> Self {
        Self(load: { position }, save: { _ in })
    }
}
