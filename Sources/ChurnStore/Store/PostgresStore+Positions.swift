import ChurnCore

extension PostgresStore: PredictionSink {
    private static let readPositions = Statement(
        name: "read_positions",
        sql: """
            SELECT s.epoch, p.partition, p.next_offset, p.last_update FROM streams s
            LEFT JOIN stream_positions p
                ON p.stream_id = s.stream_id AND p.epoch = s.epoch AND p.partition = ANY($4::int4[])
            WHERE s.pipeline = $1::text AND s.cluster = $2::text AND s.topic = $3::text
            """)

    /// The stream's current identity and progress; see ``PositionReader/positions(of:partitions:)``.
    public func positions(of stream: StreamName, partitions: [Int32]) async throws -> StreamPositions {
        let pipeline = self.pipeline
        return try await self.pool.withConnection("read positions") { connection in
            try Self.positions(of: stream, partitions: partitions, pipeline: pipeline, on: connection)
        }
    }

    static func positions(
        of stream: StreamName, partitions: [Int32], pipeline: String, on connection: isolated PostgresConnection
    ) throws -> StreamPositions {
        var parameters = ParameterBuffer()
        parameters.text(pipeline)
        parameters.text(stream.cluster)
        parameters.text(stream.topic)
        parameters.array(of: .int32, partitions) { $0.int32($1) }
        let rows = try connection.run(Self.readPositions, parameters)
        var stored: [Int32: StoredPosition] = [:]
        for row in 0..<rows.rowCount where !rows.isNull(row, 1) {
            stored[rows.int32(row, 1)] = StoredPosition(
                nextOffset: rows.int64(row, 2), lastUpdate: rows.optional(row, 3, rows.int64))
        }
        let epoch = rows.rowCount > 0 ? rows.int32(0, 0) : 0
        return StreamPositions(stream: StreamIdentity(name: stream, epoch: epoch), stored: stored)
    }

    /// Reserves event numbers; see ``PredictionSink/reserveEventIDs(_:)``.
    ///
    /// Asks the database once in 10,000 numbers.
    public func reserveEventIDs(_ count: Int) async throws -> Int64 {
        if let first = self.eventNumbers.take(count) { return first }
        let block = max(Int64(count), EventNumbers.blockSize)
        let first = try await self.pool.withConnection("reserve event numbers") { connection in
            try connection.run("BEGIN")
            // A block that a crash of the server takes back would be given twice.
            try connection.run("SET LOCAL synchronous_commit = on")
            var parameters = ParameterBuffer()
            parameters.int64(block)
            let rows = try connection.run(EventNumbers.draw, parameters)
            guard rows.rowCount == 1 else { throw PostgresFailure(.refused(sqlState: "42P01")) }
            let first = rows.int64(0, 0)
            try connection.run("COMMIT")
            return first
        }
        self.eventNumbers.add(from: first + Int64(count), to: first + block)
        return first
    }
}

/// The numbers that this process may still give to events.
final class EventNumbers: Sendable {
    static let blockSize: Int64 = 10_000
    static let draw = Statement(
        name: "draw_event_numbers",
        sql: """
            UPDATE event_numbers SET next_event_id = next_event_id + $1::int8
            RETURNING next_event_id - $1::int8
            """)

    private let left = Locked<Range<Int64>>(0..<0)

    /// Takes `count` successive numbers and returns the first; nil where there are not so many left.
    func take(_ count: Int) -> Int64? {
        self.left.withLock { left in
            guard left.count >= count else { return nil }
            defer { left = (left.lowerBound + Int64(count))..<left.upperBound }
            return left.lowerBound
        }
    }

    /// Keeps a new block, unless the one that is kept has more.
    func add(from: Int64, to: Int64) {
        self.left.withLock { left in if to - from > Int64(left.count) { left = from..<to } }
    }
}
