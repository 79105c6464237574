public import ChurnCore

/// The progress in one partition, as an operator sees it.
public struct PartitionProgress: Hashable, Sendable {
    /// The partition, in the epoch that the progress belongs to.
    public var partition: StreamPartition
    /// The position at which it goes on.
    public var position: StoredPosition
    /// The time at which it last moved.
    public var updated: Timestamp
    /// Whether the epoch is the stream's current one.
    public var isCurrent: Bool
}

/// Looks at stored positions and starts streams again, for operators.
public struct StreamOffsets: Sendable {
    let pool: PostgresPool
    let pipeline: String

    private static let all = Statement(
        name: "all_positions",
        sql: """
            SELECT s.cluster, s.topic, p.epoch, p.partition, p.next_offset, p.last_update, p.updated_at,
                p.epoch = s.epoch
            FROM streams s JOIN stream_positions p ON p.stream_id = s.stream_id WHERE s.pipeline = $1::text
            """)
    private static let nextEpoch = Statement(
        name: "next_epoch",
        sql: """
            INSERT INTO streams AS s (pipeline, cluster, topic, epoch, partition_count)
            VALUES ($1::text, $2::text, $3::text, 1, $4::int4)
            ON CONFLICT (pipeline, cluster, topic) DO UPDATE SET epoch = s.epoch + 1,
                partition_count = excluded.partition_count
            RETURNING stream_id, epoch
            """)
    private static let setPositions = Statement(
        name: "set_positions",
        sql: """
            INSERT INTO stream_positions (stream_id, epoch, partition, next_offset)
            SELECT $1::int4, $2::int4, unnest($3::int4[]), unnest($4::int8[])
            """)

    /// The progress of every partition of every stream of the pipeline, in the partitions' order.
    public func show() async throws -> [PartitionProgress] {
        var parameters = ParameterBuffer()
        parameters.text(self.pipeline)
        let sent = parameters
        return try await self.pool.withConnection("read positions") { connection in
            let rows = try connection.run(Self.all, sent)
            return (0..<rows.rowCount).map { row in
                let name = StreamName(cluster: rows.text(row, 0), topic: rows.text(row, 1))
                return PartitionProgress(
                    partition: StreamPartition(
                        stream: StreamIdentity(name: name, epoch: rows.int32(row, 2)), partition: rows.int32(row, 3)),
                    position: StoredPosition(
                        nextOffset: rows.int64(row, 4), lastUpdate: rows.optional(row, 5, rows.int64)),
                    updated: rows.timestamp(row, 6), isCurrent: rows.boolean(row, 7))
            }.sorted { $0.partition < $1.partition }
        }
    }

    /// Starts the stream's next epoch with these positions by partition; partitions that are not named have none, and
    /// those above them count as added later.
    ///
    /// Whoever still writes in the old epoch is fenced from then on: writes that were under way end first. The lock on
    /// the table costs writers nothing otherwise, while a lock on the stream's row would be taken by every write.
    public func reset(stream: StreamName, to positions: [Int32: Int64]) async throws -> StreamIdentity {
        var parameters = ParameterBuffer()
        parameters.text(self.pipeline)
        parameters.text(stream.cluster)
        parameters.text(stream.topic)
        let sorted = positions.sorted { $0.key < $1.key }
        parameters.int32(sorted.last.map { $0.key + 1 })
        let sent = parameters
        return try await self.pool.withConnection("start a stream's next epoch") { connection in
            try connection.transaction {
                try connection.run("LOCK TABLE stream_positions IN SHARE ROW EXCLUSIVE MODE")
                let row = try connection.run(Self.nextEpoch, sent)
                var values = ParameterBuffer()
                values.int32(row.int32(0, 0))
                values.int32(row.int32(0, 1))
                values.array(of: .int32, sorted) { $0.int32($1.key) }
                values.array(of: .int64, sorted) { $0.int64($1.value) }
                _ = try connection.run(Self.setPositions, values)
                return StreamIdentity(name: stream, epoch: row.int32(0, 1))
            }
        }
    }
}

extension PostgresStore {
    /// The pipeline's stored positions, for operators.
    public var offsets: StreamOffsets { StreamOffsets(pool: self.pool, pipeline: self.pipeline) }
}
