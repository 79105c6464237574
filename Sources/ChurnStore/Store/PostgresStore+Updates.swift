import ChurnCore

extension PostgresStore: UpdateLog {
    private static let updateEnds = Statement(
        name: "update_ends",
        sql: """
            SELECT s.cluster, s.topic, p.epoch, p.partition, p.last_update, p.stream_id
            FROM streams s JOIN stream_positions p ON p.stream_id = s.stream_id
            WHERE s.pipeline = $1::text AND p.last_update IS NOT NULL
            """)

    /// What is read of the blocks.
    enum BlockColumns {
        /// The frames, for those who pass them on.
        case framed
        /// Whose they are and the sum of the scores, for a projection.
        case summed
    }

    // The oldest blocks of every partition come first, so that a page that is full holds something of each.
    private static func blocksAfter(_ name: String, _ columns: String) -> Statement {
        Statement(
            name: name,
            sql: """
                SELECT q.index, b.previous_number, \(columns)
                FROM (SELECT unnest($1::int4[]) AS index, unnest($2::int4[]) AS stream_id, unnest($3::int4[]) AS epoch,
                    unnest($4::int4[]) AS partition, unnest($5::int8[]) AS seen) AS q
                CROSS JOIN LATERAL (
                    SELECT u.*, row_number() OVER (ORDER BY u.last_number) AS rank
                    FROM update_log u
                    WHERE u.stream_id = q.stream_id AND u.epoch = q.epoch AND u.partition = q.partition
                        AND u.last_number > q.seen
                    ORDER BY u.last_number LIMIT $6::int8
                ) AS b
                ORDER BY b.rank, q.index LIMIT $6::int8
                """)
    }

    private static let framedBlocks = blocksAfter("updates_after", "b.numbers, b.ends, b.frames")
    private static let summedBlocks = blocksAfter(
        "sums_after", "b.last_number, b.customers, b.score_sum, b.scores, b.written_at")

    struct PartitionEnd {
        var partition: StreamPartition
        var last: Int64
        var stream: Int32
    }

    /// What was written after the cursor; see ``UpdateLog/updates(after:limit:)``.
    ///
    /// A partition whose updates after the cursor were all pruned has a gap and no block until the next one is written.
    public func updates(after cursor: UpdateCursor, limit: Int) async throws -> UpdatePage {
        let (limit, pipeline) = (max(limit, 1), self.pipeline)
        return try await self.pool.withConnection("read updates") { connection in
            guard let blocks = try Self.blocks(.framed, after: cursor, limit: limit, of: pipeline, on: connection)
            else { return UpdatePage(blocks: []) }
            return Self.page(blocks.rows, behind: blocks.behind, after: cursor, limit: limit)
        }
    }

    /// The blocks after the cursor, one more than `limit` where there are more, and the partitions that have such;
    /// nil where there are none.
    static func blocks(
        _ columns: BlockColumns, after cursor: UpdateCursor, limit: Int, of pipeline: String,
        on connection: isolated PostgresConnection
    ) throws -> (behind: [PartitionEnd], rows: PostgresResult)? {
        let behind = try Self.ends(of: pipeline, on: connection).filter { end in
            cursor.seen[end.partition].map { $0 < end.last } ?? true
        }
        guard !behind.isEmpty else { return nil }
        var parameters = ParameterBuffer(capacity: behind.count * 64)
        parameters.array(of: .int32, behind.indices) { $0.int32(Int32($1)) }
        parameters.array(of: .int32, behind) { $0.int32($1.stream) }
        parameters.array(of: .int32, behind) { $0.int32($1.partition.stream.epoch) }
        parameters.array(of: .int32, behind) { $0.int32($1.partition.partition) }
        parameters.array(of: .int64, behind) { $0.int64(cursor.seen[$1.partition] ?? Int64.min) }
        parameters.int64(Int64(limit) + 1)
        let statement = columns == .framed ? Self.framedBlocks : Self.summedBlocks
        return (behind, try connection.run(statement, parameters))
    }

    /// Whether what came before a partition's first block after the cursor is gone.
    static func isGap(
        _ rows: PostgresResult, _ row: Int, _ partition: StreamPartition, after cursor: UpdateCursor
    ) -> Bool {
        guard let previous = rows.optional(row, 1, rows.int64) else { return false }
        return cursor.seen[partition].map { previous > $0 } ?? true
    }

    /// The cursor of a reader that has seen everything; see ``UpdateLog/end()``.
    public func end() async throws -> UpdateCursor {
        let pipeline = self.pipeline
        return try await self.pool.withConnection("read the end of the updates") { connection in
            let ends = try Self.ends(of: pipeline, on: connection)
            return UpdateCursor(
                seen: Dictionary(ends.map { ($0.partition, $0.last) }, uniquingKeysWith: { first, _ in first }))
        }
    }

    static func ends(
        of pipeline: String, on connection: isolated PostgresConnection
    ) throws -> [PartitionEnd] {
        var parameters = ParameterBuffer()
        parameters.text(pipeline)
        let rows = try connection.run(Self.updateEnds, parameters)
        let ends = (0..<rows.rowCount).map { row in
            let name = StreamName(cluster: rows.text(row, 0), topic: rows.text(row, 1))
            return PartitionEnd(
                partition: StreamPartition(
                    stream: StreamIdentity(name: name, epoch: rows.int32(row, 2)), partition: rows.int32(row, 3)),
                last: rows.int64(row, 4), stream: rows.int32(row, 5))
        }
        return ends.sorted { $0.partition < $1.partition }
    }

    private static func page(
        _ rows: PostgresResult, behind: [PartitionEnd], after cursor: UpdateCursor, limit: Int
    ) -> UpdatePage {
        var page = UpdatePage(blocks: [], hasMore: rows.rowCount > limit)
        var found: Set<StreamPartition> = []
        for row in 0..<min(rows.rowCount, limit) {
            let partition = behind[Int(rows.int32(row, 0))].partition
            let block = UpdateBlock(
                partition: partition, previous: rows.optional(row, 1, rows.int64),
                numbers: rows.integers(row, 2, as: Int64.self), bytes: Array(rows.bytes(row, 4)),
                ends: rows.integers(row, 3, as: Int32.self).map(Int.init))
            // Only a partition's first block can show that what came before it is gone.
            if found.insert(partition).inserted, Self.isGap(rows, row, partition, after: cursor) {
                page.gaps.insert(partition)
            }
            page.blocks.append(block)
        }
        if !page.hasMore {
            for end in behind where !found.contains(end.partition) { page.gaps.insert(end.partition) }
        }
        return page
    }
}
