public import ChurnCore

extension PostgresStore: PredictionSink {
    private static let readPositions = Statement(
        name: "read_positions",
        sql: """
            SELECT s.epoch, p.partition, p.next_offset, p.last_update, s.partition_count FROM streams s
            LEFT JOIN stream_positions p
                ON p.stream_id = s.stream_id AND p.epoch = s.epoch AND p.partition = ANY($4::int4[])
            WHERE s.pipeline = $1::text AND s.cluster = $2::text AND s.topic = $3::text
            """)

    /// The stream's current identity and progress; see ``/ChurnCore/PositionStore/positions(of:partitions:)``.
    public func positions(of stream: StreamName, partitions: [Int32]) async throws -> StreamPositions {
        let pipeline = self.pipeline
        return try await self.writer.withConnection("read positions") { connection in
            try Self.positions(of: stream, partitions: partitions, pipeline: pipeline, on: connection)
        } ?? StreamPositions(stream: StreamIdentity(name: stream), stored: [:])
    }

    /// nil where the database does not know the stream.
    static func positions(
        of stream: StreamName, partitions: [Int32], pipeline: String, on connection: isolated PostgresConnection
    ) throws -> StreamPositions? {
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
        guard rows.rowCount > 0 else { return nil }
        return StreamPositions(
            stream: StreamIdentity(name: stream, epoch: rows.int32(0, 0)), stored: stored,
            partitionCount: rows.optional(0, 4, rows.int32).map(Int.init))
    }
}
