/// The pool's connections as the pipeline's write asks for them: one is always left for it, whatever readers do.
///
/// Everything that a batch waits for goes this way: reading its customers, drawing its numbers, writing it.
struct PostgresWriter: Sendable {
    private let pool: PostgresPool

    init(_ pool: PostgresPool) { self.pool = pool }

    /// Runs `body` on a connection's thread; see ``PostgresConnection/use(_:_:)``.
    func withConnection<Result: Sendable>(
        _ operation: StaticString, _ body: @Sendable (isolated PostgresConnection) async throws -> Result
    ) async throws -> Result {
        try await self.pool.withConnection(operation, for: .writing, body)
    }
}
