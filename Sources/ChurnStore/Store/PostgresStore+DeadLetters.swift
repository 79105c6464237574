public import ChurnCore

extension PostgresStore: DeadLetterStore {
    private static let columns = """
        SELECT d.dead_letter_id, s.cluster, s.topic, d.epoch, d.partition, d.stream_offset, d.record_time, d.record_key,
            d.record_value, d.header_names, d.header_values, d.code, d.reason, d.attempts, d.status, d.created_at
        FROM dead_letters d JOIN streams s ON s.stream_id = d.stream_id
        WHERE s.pipeline = $1::text
        """
    private static let anyDeadLetters = Statement(
        name: "any_dead_letters",
        sql: PostgresStore.columns + " AND d.dead_letter_id > $2::int8 ORDER BY d.dead_letter_id LIMIT $3::int8")
    private static let openDeadLetters = Statement(
        name: "open_dead_letters",
        sql: PostgresStore.columns
            + " AND d.status = 'open' AND d.dead_letter_id > $2::int8 ORDER BY d.dead_letter_id LIMIT $3::int8")
    private static let doneDeadLetters = Statement(
        name: "done_dead_letters",
        sql: PostgresStore.columns
            + " AND d.status = 'done' AND d.dead_letter_id > $2::int8 ORDER BY d.dead_letter_id LIMIT $3::int8")
    private static let oneDeadLetter = Statement(
        name: "one_dead_letter", sql: PostgresStore.columns + " AND d.dead_letter_id = $2::int8")

    /// Dead letters of this pipeline; see ``/ChurnCore/DeadLetterStore/deadLetters(after:status:limit:)``.
    public func deadLetters(after id: Int64, status: DeadLetter.Status?, limit: Int) async throws -> [DeadLetter] {
        let statement =
            switch status {
            case nil: Self.anyDeadLetters
            case .open: Self.openDeadLetters
            case .done: Self.doneDeadLetters
            }
        var parameters = ParameterBuffer()
        parameters.text(self.pipeline)
        parameters.int64(id)
        parameters.int64(Int64(max(limit, 0)))
        let sent = parameters
        return try await self.pool.withConnection("read dead letters") { connection in
            Self.deadLetters(in: try connection.run(statement, sent))
        }
    }

    /// One dead letter of this pipeline; see ``/ChurnCore/DeadLetterStore/deadLetter(id:)``.
    public func deadLetter(id: Int64) async throws -> DeadLetter? {
        var parameters = ParameterBuffer()
        parameters.text(self.pipeline)
        parameters.int64(id)
        let sent = parameters
        return try await self.pool.withConnection("read a dead letter") { connection in
            Self.deadLetters(in: try connection.run(Self.oneDeadLetter, sent)).first
        }
    }

    private static func deadLetters(in rows: PostgresResult) -> [DeadLetter] {
        (0..<rows.rowCount).map { row in
            let name = StreamName(cluster: rows.text(row, 1), topic: rows.text(row, 2))
            let partition = StreamPartition(
                stream: StreamIdentity(name: name, epoch: rows.int32(row, 3)), partition: rows.int32(row, 4))
            let headers = zip(rows.elements(row, 9), rows.elements(row, 10)).map { name, value in
                RecordHeader(
                    name: name.map { String(decoding: $0, as: UTF8.self) } ?? "", value: value.map { Array($0) })
            }
            let record = Record(
                position: StreamPosition(partition: partition, offset: rows.int64(row, 5)),
                key: rows.optional(row, 7) { Array(rows.bytes($0, $1)) },
                value: rows.optional(row, 8) { Array(rows.bytes($0, $1)) }, headers: headers,
                time: rows.timestamp(row, 6))
            return DeadLetter(
                id: rows.int64(row, 0),
                rejection: Rejection(
                    record: record, code: Rejection.Code(rawValue: rows.text(row, 11)), reason: rows.text(row, 12)),
                status: rows.text(row, 14) == "done" ? .done : .open, attempts: Int(rows.int32(row, 13)),
                time: rows.timestamp(row, 15))
        }
    }
}
