public import ChurnCore

extension PostgresStore: UpdateLog {
    private static let updateEnds = Statement(
        name: "update_ends",
        sql: """
            SELECT s.cluster, s.topic, p.epoch, p.partition, p.last_update, p.stream_id
            FROM streams s JOIN stream_positions p ON p.stream_id = s.stream_id
            WHERE s.pipeline = $1::text AND p.last_update IS NOT NULL
            """)

    /// The columns that are read of the blocks.
    enum BlockColumns {
        /// The frames, for those who pass them on.
        case framed
        /// Their customers and the sum of the scores, for a projection.
        case summed
    }

    // The oldest blocks of every partition come first, so that a page that is full holds something of each; but those
    // of an epoch that is over before those of the next one. What does not fit into the page is counted and left out:
    // its frames are not read.
    private static func blocksAfter(_ name: String, _ columns: String, size: String) -> Statement {
        Statement(
            name: name,
            sql: """
                SELECT index, found, previous_number, \(columns)
                FROM (
                    SELECT q.index, q.turn, b.*, count(*) OVER () AS found,
                        row_number() OVER (ORDER BY q.turn, b.rank, q.index) AS place,
                        sum(\(size)) OVER (ORDER BY q.turn, b.rank, q.index) AS total
                    FROM (SELECT unnest($1::int4[]) AS index, unnest($2::int4[]) AS stream_id,
                        unnest($3::int4[]) AS epoch, unnest($4::int4[]) AS partition, unnest($5::int8[]) AS seen,
                        unnest($6::int4[]) AS turn) AS q
                    CROSS JOIN LATERAL (
                        SELECT u.*, row_number() OVER (ORDER BY u.last_number) AS rank
                        FROM update_log u
                        WHERE u.stream_id = q.stream_id AND u.epoch = q.epoch AND u.partition = q.partition
                            AND u.last_number > q.seen
                        ORDER BY u.last_number LIMIT $7::int8 + 1
                    ) AS b
                ) AS p
                WHERE place = 1 OR place <= $7::int8 AND total <= $8::int8
                ORDER BY place
                """)
    }

    private static let framedBlocks = blocksAfter(
        "updates_after", "frames, frame_index, numbers, ends", size: "octet_length(b.frames)")
    private static let summedBlocks = blocksAfter(
        "sums_after", "last_number, customer_states, score_sum, scores, written_at",
        size: "coalesce(octet_length(b.customer_states), 0)")

    struct PartitionEnd {
        var partition: StreamPartition
        var last: Int64
        var stream: Int32
    }

    /// Returns the updates after the cursor; see ``/ChurnCore/UpdateLog/updates(after:limit:bytes:)``.
    ///
    /// A partition whose updates after the cursor were all pruned has a gap and no block until the next one is written.
    public func updates(after cursor: UpdateCursor, limit: Int, bytes: Int) async throws -> UpdatePage {
        let pipeline = self.pipeline
        return try await self.pool.withConnection("read updates") { connection in
            guard
                let blocks = try Self.blocks(
                    .framed, after: cursor, limit: limit, bytes: bytes, of: pipeline, on: connection)
            else { return UpdatePage(blocks: []) }
            return try Self.page(blocks, after: cursor)
        }
    }

    /// Blocks after a cursor, as rows.
    struct BlockRows {
        /// The partitions that have updates after the cursor.
        var behind: [PartitionEnd]
        var rows: PostgresResult

        func partition(_ row: Int) -> StreamPartition { self.behind[Int(self.rows.int32(row, 0))].partition }
        /// Whether more were left out.
        var hasMore: Bool { self.rows.rowCount > 0 && self.rows.int64(0, 1) > self.rows.rowCount }
    }

    /// The blocks after the cursor and the partitions that have such; nil where there are none.
    static func blocks(
        _ columns: BlockColumns, after cursor: UpdateCursor, limit: Int, bytes: Int, of pipeline: String,
        on connection: isolated PostgresConnection
    ) throws -> BlockRows? {
        let epochs = cursor.epochs
        let behind = try Self.ends(of: pipeline, on: connection).filter { end in
            if let seen = cursor.seen[end.partition] { return seen < end.last }
            return epochs[end.partition.stream.name].map { $0 <= end.partition.stream.epoch } ?? true
        }
        guard !behind.isEmpty else { return nil }
        // How many epochs of the stream come before a partition's.
        let streams = Set(behind.map(\.partition.stream))
        let turns = behind.map { end in
            streams.count { $0.name == end.partition.stream.name && $0.epoch < end.partition.stream.epoch }
        }
        var parameters = ParameterBuffer(capacity: behind.count * 72)
        parameters.array(of: .int32, behind.indices) { $0.int32(Int32($1)) }
        parameters.array(of: .int32, behind) { $0.int32($1.stream) }
        parameters.array(of: .int32, behind) { $0.int32($1.partition.stream.epoch) }
        parameters.array(of: .int32, behind) { $0.int32($1.partition.partition) }
        parameters.array(of: .int64, behind) { $0.int64(cursor.seen[$1.partition] ?? Int64.min) }
        parameters.array(of: .int32, turns) { $0.int32(Int32($1)) }
        parameters.int64(Int64(max(limit, 1)))
        parameters.int64(Int64(max(bytes, 0)))
        let statement = columns == .framed ? Self.framedBlocks : Self.summedBlocks
        return BlockRows(behind: behind, rows: try connection.run(statement, parameters))
    }

    /// Returns whether what came before a partition's first block after the cursor is gone.
    static func isGap(
        _ rows: PostgresResult, _ row: Int, _ partition: StreamPartition, after cursor: UpdateCursor
    ) -> Bool {
        guard let previous = rows.optional(row, 2, rows.int64) else { return false }
        return cursor.seen[partition].map { previous > $0 } ?? true
    }

    /// The cursor of a reader that has seen everything; see ``/ChurnCore/UpdateLog/end()``.
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

    private static func page(_ blocks: BlockRows, after cursor: UpdateCursor) throws -> UpdatePage {
        let rows = blocks.rows
        var page = UpdatePage(blocks: [], hasMore: blocks.hasMore)
        var found: Set<StreamPartition> = []
        for row in 0..<rows.rowCount {
            let partition = blocks.partition(row)
            // Only a partition's first block can show that what came before it is gone.
            if found.insert(partition).inserted, Self.isGap(rows, row, partition, after: cursor) {
                page.gaps.insert(partition)
            }
            page.blocks.append(try Self.block(rows, row, of: partition))
        }
        if !page.hasMore {
            for end in blocks.behind where !found.contains(end.partition) { page.gaps.insert(end.partition) }
        }
        return page
    }

    private static func block(_ rows: PostgresResult, _ row: Int, of partition: StreamPartition) throws -> UpdateBlock {
        let previous = rows.optional(row, 2, rows.int64)
        guard !rows.isNull(row, 4) else {
            // A block of an older version.
            return UpdateBlock(
                partition: partition, previous: previous, numbers: rows.integers(row, 5, as: Int64.self),
                bytes: Array(rows.bytes(row, 3)), ends: rows.integers(row, 6, as: Int32.self).map(Int.init))
        }
        let block = UpdateBlock(
            partition: partition, previous: previous, frames: rows.bytes(row, 3), index: rows.bytes(row, 4))
        guard let block else {
            throw ChurnError(
                .stateUnreadable, .retry, during: "read updates",
                advice: "A block of update_log is not of this version's form; is there a newer process?")
        }
        return block
    }
}
