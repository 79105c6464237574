public import ChurnCore

extension PostgresStore {
    private static let addStream = Statement(
        name: "add_stream",
        sql: """
            INSERT INTO streams (pipeline, cluster, topic) VALUES ($1::text, $2::text, $3::text)
            ON CONFLICT (pipeline, cluster, topic) DO NOTHING
            """)
    private static let countPartitions = Statement(
        name: "count_partitions",
        sql: """
            UPDATE streams SET partition_count = $5::int4 WHERE pipeline = $1::text AND cluster = $2::text
                AND topic = $3::text AND epoch = $4::int4 AND partition_count IS NULL
            """)
    // In the order of the fence's locks. A row that another process is about to insert is waited for.
    private static let pinPositions = Statement(
        name: "pin_positions",
        sql: """
            INSERT INTO stream_positions (stream_id, epoch, partition, next_offset)
            SELECT s.stream_id, s.epoch, r.partition, r.start FROM streams s
            CROSS JOIN unnest($5::int4[], $6::int8[]) AS r(partition, start)
            WHERE s.pipeline = $1::text AND s.cluster = $2::text AND s.topic = $3::text AND s.epoch = $4::int4
            ORDER BY r.partition ON CONFLICT DO NOTHING
            """)

    /// Stores first positions; see ``/ChurnCore/PositionStore/pin(_:of:partitionCount:)``.
    public func pin(
        _ starts: [Int32: Int64], of stream: StreamIdentity, partitionCount: Int?
    ) async throws -> StreamPositions {
        var name = ParameterBuffer()
        name.text(self.pipeline)
        name.text(stream.name.cluster)
        name.text(stream.name.topic)
        var epoch = name
        epoch.int32(stream.epoch)
        var count = epoch
        count.int32(partitionCount.map { Int32(clamping: $0) })
        let sorted = starts.sorted { $0.key < $1.key }
        epoch.array(of: .int32, sorted) { $0.int32($1.key) }
        epoch.array(of: .int64, sorted) { $0.int64($1.value) }
        let (pipeline, steps) = (
            self.pipeline, [(Self.addStream, name), (Self.countPartitions, count), (Self.pinPositions, epoch)]
        )
        return try await self.pool.withConnection("pin first positions") { connection in
            try connection.transaction {
                try connection.run("SET LOCAL synchronous_commit = on")
                // The table before the stream's row, as StreamOffsets.reset does. From here on the epoch stands still.
                try connection.run("LOCK TABLE stream_positions IN ROW EXCLUSIVE MODE")
                for (statement, parameters) in steps { _ = try connection.run(statement, parameters) }
                return try Self.positions(
                    of: stream.name, partitions: sorted.map(\.key), pipeline: pipeline, on: connection)
            } ?? StreamPositions(stream: StreamIdentity(name: stream.name), stored: [:])
        }
    }
}
