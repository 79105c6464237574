import ChurnCore

extension PostgresStore {
    /// Reserves event numbers; see ``/ChurnCore/PredictionSink/reserveEventIDs(_:)``.
    ///
    /// Numbers are an order: each is drawn within `EventNumbers.lifetime` before its use, from one counter for all
    /// processes, so a greater number is a later event, whichever process it came through.
    public func reserveEventIDs(_ count: Int) async throws -> Int64 {
        if let first = self.eventNumbers.take(count) { return first }
        let block = max(Int64(count), EventNumbers.blockSize)
        let first = try await self.writer.withConnection("reserve event numbers") { connection in
            try self.eventNumbers.draw(block, partitionHours: self.partitionHours, on: connection)
        }
        self.eventNumbers.add(from: first + Int64(count), to: first + block)
        return first
    }
}

/// The numbers that this process may still give to events.
///
/// A number is the hour of its drawing, by the database's clock, and a count within it, so that the log of events is
/// partitioned by time and by number at once. Should more be drawn within an hour than it has, or the clock go back, the
/// count goes on from where it stands.
final class EventNumbers: Sendable {
    /// The number of numbers in an hour: over a million a second.
    ///
    /// JavaScript's exact integers last for 250 years of hours.
    static let inAnHour: Int64 = 4_000_000_000
    /// The hour that numbers begin with, counted from 1970: the first of 2026.
    ///
    /// Earlier versions counted from 1, so their numbers are below all of these.
    static let firstHour: Int64 = 490_896
    /// The least that is drawn at once, so that small batches need not ask for each.
    static let blockSize: Int64 = 64
    /// The greatest age of a number when it is used.
    static let lifetime = Duration.milliseconds(50)

    // A crash of the server may take a draw back, but only together with all that was written after it, and so with
    // all that used its numbers. Another process that still holds some of them finds them taken, and draws again.
    private static let begin = Step(statement: Statement(name: "begin_draw", sql: "BEGIN"))
    private static let asynchronously = Step(
        statement: Statement(name: "draw_asynchronously", sql: "SET LOCAL synchronous_commit = off"))
    private static let commit = Step(statement: Statement(name: "commit_draw", sql: "COMMIT"))
    private static let draw = Statement(
        name: "draw_event_numbers",
        sql: """
            UPDATE event_numbers SET
                next_event_id = greatest(next_event_id, churn_event_hour(now()) * \(EventNumbers.inAnHour)) + $1::int8
            RETURNING next_event_id - $1::int8
            """)
    private static let makePartitions = Statement(
        name: "make_event_partitions", sql: "SELECT churn_make_event_partitions($1::int4)")

    private struct Block {
        var numbers: Range<Int64> = 0..<0
        var drawn = ContinuousClock.now
        /// The end of the last partition that is known to be there.
        var reach = Int64.min
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
    func add(from: Int64, to: Int64) {
        self.block.withLock { block in
            block.numbers = from..<to
            block.drawn = .now
        }
    }

    /// Draws successive numbers and returns the first; sees to it that the log has partitions for them, and for those
    /// of the hours to come.
    ///
    /// - Parameter partitionHours: how many hours a partition is to hold.
    func draw(_ count: Int64, partitionHours: Int32, on connection: isolated PostgresConnection) throws -> Int64 {
        var parameters = ParameterBuffer()
        parameters.int64(count)
        let results = try connection.run([
            Self.begin, Self.asynchronously, Step(statement: Self.draw, parameters: parameters), Self.commit,
        ]).map { try $0.get() }
        guard results[2].rowCount == 1 else { throw PostgresFailure(.refused(sqlState: "42P01")) }
        let first = results[2].int64(0, 0)
        if self.block.withLock({ $0.reach }) < first + count + Self.inAnHour {
            var step = ParameterBuffer()
            step.int32(partitionHours)
            let reach = try connection.run(Self.makePartitions, step).int64(0, 0)
            self.block.withLock { $0.reach = reach }
        }
        return first
    }
}
