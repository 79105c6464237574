import ChurnCore

extension PostgresStore: UpdateLog {
    private static let updateEnds = Statement(
        name: "update_ends",
        sql: """
            SELECT s.cluster, s.topic, p.epoch, p.partition, p.last_update, p.stream_id
            FROM streams s JOIN stream_positions p ON p.stream_id = s.stream_id
            WHERE s.pipeline = $1::text AND p.last_update IS NOT NULL
            """)

    // The oldest blocks of every partition come first, so that a page that is full holds something of each.
    private static let updatesAfter = Statement(
        name: "updates_after",
        sql: """
            SELECT q.index, b.previous_number, b.numbers, b.ends, b.frames, b.written_at
            FROM (SELECT unnest($1::int4[]) AS index, unnest($2::int4[]) AS stream_id, unnest($3::int4[]) AS epoch,
                unnest($4::int4[]) AS partition, unnest($5::int8[]) AS seen) AS q
            CROSS JOIN LATERAL (
                SELECT u.last_number, u.previous_number, u.numbers, u.ends, u.frames, u.written_at,
                    row_number() OVER (ORDER BY u.last_number) AS rank
                FROM update_log u
                WHERE u.stream_id = q.stream_id AND u.epoch = q.epoch AND u.partition = q.partition
                    AND u.last_number > q.seen
                ORDER BY u.last_number LIMIT $6::int8
            ) AS b
            ORDER BY b.rank, q.index LIMIT $6::int8
            """)

    struct PartitionEnd {
        var partition: StreamPartition
        var last: Int64
        var stream: Int32
    }

    /// What was written after the cursor; see ``UpdateLog/updates(after:limit:)``.
    ///
    /// A partition whose updates after the cursor were all pruned has a gap and no block until the next one is written.
    public func updates(after cursor: UpdateCursor, limit: Int) async throws -> UpdatePage {
        try await self.timedUpdates(after: cursor, limit: limit).page
    }

    /// What was written after the cursor, and when each block was.
    func timedUpdates(after cursor: UpdateCursor, limit: Int) async throws -> (page: UpdatePage, times: [Timestamp]) {
        let pipeline = self.pipeline
        return try await self.pool.withConnection("read updates") { connection in
            let behind = try Self.ends(of: pipeline, on: connection).filter { end in
                cursor.seen[end.partition].map { $0 < end.last } ?? true
            }
            guard !behind.isEmpty else { return (UpdatePage(blocks: []), []) }
            var parameters = ParameterBuffer(capacity: behind.count * 64)
            parameters.array(of: .int32, behind.indices) { $0.int32(Int32($1)) }
            parameters.array(of: .int32, behind) { $0.int32($1.stream) }
            parameters.array(of: .int32, behind) { $0.int32($1.partition.stream.epoch) }
            parameters.array(of: .int32, behind) { $0.int32($1.partition.partition) }
            parameters.array(of: .int64, behind) { $0.int64(cursor.seen[$1.partition] ?? Int64.min) }
            parameters.int64(Int64(max(limit, 1)) + 1)
            let rows = try connection.run(Self.updatesAfter, parameters)
            let page = Self.page(rows, behind: behind, after: cursor, limit: max(limit, 1))
            return (page, page.blocks.indices.map { rows.timestamp($0, 5) })
        }
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
            if found.insert(partition).inserted, let previous = block.previous,
                cursor.seen[partition].map({ previous > $0 }) ?? true
            {
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
