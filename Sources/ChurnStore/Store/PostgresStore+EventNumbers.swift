import ChurnCore

extension PostgresStore {
    /// Reserves event numbers; see ``PredictionSink/reserveEventIDs(_:)``.
    ///
    /// Numbers are an order: each is drawn within ``EventNumbers/lifetime`` before its use, from one counter for all
    /// processes, so a greater number is a later event, whichever process it came through.
    public func reserveEventIDs(_ count: Int) async throws -> Int64 {
        if let first = self.eventNumbers.take(count) { return first }
        let block = max(Int64(count), EventNumbers.blockSize)
        var parameters = ParameterBuffer()
        parameters.int64(block)
        let steps = [
            EventNumbers.begin, EventNumbers.asynchronously, Step(statement: EventNumbers.draw, parameters: parameters),
            EventNumbers.commit,
        ]
        let first = try await self.pool.withConnection("reserve event numbers") { connection in
            let results = try connection.run(steps).map { try $0.get() }
            guard results[2].rowCount == 1 else { throw PostgresFailure(.refused(sqlState: "42P01")) }
            return results[2].int64(0, 0)
        }
        self.eventNumbers.add(from: first + Int64(count), to: first + block)
        return first
    }
}

/// The numbers that this process may still give to events.
final class EventNumbers: Sendable {
    /// The least that is drawn at once, so that small batches need not ask for each.
    static let blockSize: Int64 = 64
    /// How old a number may be when it is used.
    static let lifetime = Duration.milliseconds(50)

    // A crash of the server may take a draw back, but only together with all that was written after it, and so with
    // all that used its numbers. Another process that still holds some of them finds them taken, and draws again.
    static let begin = Step(statement: Statement(name: "begin_draw", sql: "BEGIN"))
    static let asynchronously = Step(
        statement: Statement(name: "draw_asynchronously", sql: "SET LOCAL synchronous_commit = off"))
    static let commit = Step(statement: Statement(name: "commit_draw", sql: "COMMIT"))
    static let draw = Statement(
        name: "draw_event_numbers",
        sql: """
            UPDATE event_numbers SET next_event_id = next_event_id + $1::int8
            RETURNING next_event_id - $1::int8
            """)

    private struct Block {
        var numbers: Range<Int64> = 0..<0
        var drawn = ContinuousClock.now
    }

    private let block = Locked(Block())

    /// Takes `count` successive numbers and returns the first; nil where there are not as many left that are fresh.
    func take(_ count: Int) -> Int64? {
        self.block.withLock { block in
            guard block.numbers.count >= count, .now - block.drawn < Self.lifetime else { return nil }
            let first = block.numbers.lowerBound
            block.numbers = (first + Int64(count))..<block.numbers.upperBound
            return first
        }
    }

    /// Keeps what is left of a block that was just drawn.
    func add(from: Int64, to: Int64) { self.block.withLock { $0 = Block(numbers: from..<to) } }
}
