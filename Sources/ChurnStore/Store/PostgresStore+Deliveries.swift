public import ChurnCore
public import ChurnInsight

/// The statements of the delivery log; the first two parameters are pipeline and webhook.
private enum DeliveryStatements {
    static let add = Statement(
        name: "add_deliveries",
        sql: """
            INSERT INTO webhook_deliveries (pipeline, webhook, event_id, delivery_key, body)
            SELECT $1::text, $2::text, unnest($3::int8[]), unnest($4::text[]), unnest($5::bytea[])
            ON CONFLICT (pipeline, webhook, event_id) DO NOTHING
            """)

    static let claim = Statement(
        name: "claim_deliveries",
        sql: """
            UPDATE webhook_deliveries AS d SET attempts = d.attempts + 1, attempted_at = now(),
                due_at = now() + $4::int8 * interval '1 microsecond'
            WHERE d.delivery_id = ANY(ARRAY(
                SELECT delivery_id FROM webhook_deliveries
                WHERE pipeline = $1::text AND webhook = $2::text AND status = 'pending' AND due_at <= now()
                ORDER BY due_at LIMIT $3::int8 FOR UPDATE SKIP LOCKED))
            RETURNING d.delivery_id, d.attempts, d.event_id, d.delivery_key, d.body
            """)

    // The number of attempts shows whether the claim is still its holder's.
    static let finish = Statement(
        name: "finish_delivery",
        sql: """
            UPDATE webhook_deliveries SET status = $3::text, http_status = $4::int4, error = $5::text,
                due_at = now() + $6::int8 * interval '1 microsecond',
                finished_at = CASE WHEN $3::text <> 'pending' THEN now() END,
                body = CASE WHEN $3::text <> 'delivered' THEN body END
            WHERE delivery_id = $1::int8 AND attempts = $2::int4 AND status = 'pending'
            """)

    static let list = Statement(
        name: "deliveries",
        sql: """
            SELECT delivery_id, webhook, event_id, delivery_key, status, attempts, http_status, error, created_at,
                attempted_at, finished_at
            FROM webhook_deliveries
            WHERE pipeline = $1::text AND ($2::text IS NULL OR webhook = $2::text)
                AND ($3::text IS NULL OR status = $3::text) AND delivery_id < $4::int8
            ORDER BY delivery_id DESC LIMIT $5::int8
            """)
}

extension PostgresStore: DeliveryLog {
    private static func export(_ webhook: String) -> String { "webhook \(webhook)" }

    /// Returns the cursor up to which updates were taken up; see ``/ChurnInsight/DeliveryLog/deliveryCursor(of:)``.
    public func deliveryCursor(of webhook: String) async throws -> UpdateCursor? {
        try await self.exportPosition(Self.export(webhook)).map { try UpdateCursor(stored: $0) }
    }

    /// Adds deliveries in the transaction that moves the cursor; see ``/ChurnInsight/DeliveryLog/addDeliveries(_:to:from:to:)``.
    public func addDeliveries(
        _ deliveries: [NewDelivery], to webhook: String, from: UpdateCursor?, to: UpdateCursor
    ) async throws -> Bool {
        var cursor = self.exportParameters(Self.export(webhook))
        var rows = ParameterBuffer(capacity: deliveries.count * 512)
        cursor.text(from?.text)
        cursor.text(to.text)
        rows.text(self.pipeline)
        rows.text(webhook)
        rows.array(of: .int64, deliveries) { $0.int64($1.eventID) }
        rows.array(of: .text, deliveries) { $0.text($1.key) }
        rows.array(of: .bytes, deliveries) { $0.bytes($1.body) }
        let (move, add) = (cursor, rows)
        return try await self.pool.withConnection("add deliveries") { connection in
            try connection.run("BEGIN")
            guard try connection.run(ExportStatements.move, move).changedRows == 1 else {
                try connection.run("ROLLBACK")
                return false
            }
            if !deliveries.isEmpty { _ = try connection.run(DeliveryStatements.add, add) }
            try connection.run("COMMIT")
            return true
        }
    }

    /// Takes deliveries that are due; see ``/ChurnInsight/DeliveryLog/claimDeliveries(of:limit:lease:)``.
    ///
    /// Times are the server's, so that the nodes' clocks do not matter.
    public func claimDeliveries(of webhook: String, limit: Int, lease: Duration) async throws -> [ClaimedDelivery] {
        var parameters = ParameterBuffer()
        parameters.text(self.pipeline)
        parameters.text(webhook)
        parameters.int64(Int64(max(0, limit)))
        parameters.int64(lease.wholeMicroseconds)
        let sent = parameters
        return try await self.pool.withConnection("claim deliveries") { connection in
            let rows = try connection.run(DeliveryStatements.claim, sent)
            return (0..<rows.rowCount).map { row in
                ClaimedDelivery(
                    id: rows.int64(row, 0), attempt: Int(rows.int32(row, 1)),
                    content: NewDelivery(
                        eventID: rows.int64(row, 2), key: rows.text(row, 3), body: Array(rows.bytes(row, 4))))
            }
        }
    }

    /// Records the result of a claim; see ``/ChurnInsight/DeliveryLog/finish(_:with:)``.
    @discardableResult
    public func finish(_ claim: ClaimedDelivery, with result: DeliveryResult) async throws -> Bool {
        var pause = Duration.zero
        let status: Delivery.Status
        switch result.next {
        case .delivered: status = .delivered
        case .failed: status = .failed
        case .retry(let after): (status, pause) = (.pending, after)
        }
        var parameters = ParameterBuffer()
        parameters.int64(claim.id)
        parameters.int32(Int32(clamping: claim.attempt))
        parameters.text(status.rawValue)
        if let code = result.httpStatus { parameters.int32(Int32(clamping: code)) } else { parameters.null() }
        parameters.text(result.error)
        parameters.int64(pause.wholeMicroseconds)
        let sent = parameters
        return try await self.pool.withConnection("finish a delivery") { connection in
            try connection.run(DeliveryStatements.finish, sent).changedRows == 1
        }
    }

    /// The log, newest first; see ``/ChurnInsight/DeliveryLog/deliveries(of:status:before:limit:)``.
    public func deliveries(
        of webhook: String?, status: Delivery.Status?, before id: Int64?, limit: Int
    ) async throws -> [Delivery] {
        if let webhook, webhook.utf8.contains(0) { return [] }
        var parameters = ParameterBuffer()
        parameters.text(self.pipeline)
        parameters.text(webhook)
        parameters.text(status?.rawValue)
        parameters.int64(id ?? Int64.max)
        parameters.int64(Int64(max(1, limit)))
        let sent = parameters
        return try await self.pool.withConnection("read deliveries") { connection in
            let rows = try connection.run(DeliveryStatements.list, sent)
            return (0..<rows.rowCount).map { row in
                Delivery(
                    id: rows.int64(row, 0), webhook: rows.text(row, 1), eventID: rows.int64(row, 2),
                    key: rows.text(row, 3), status: Delivery.Status(rawValue: rows.text(row, 4)) ?? .failed,
                    attempts: Int(rows.int32(row, 5)), httpStatus: rows.optional(row, 6, rows.int32).map(Int.init),
                    error: rows.optional(row, 7, rows.text), createdAt: rows.timestamp(row, 8),
                    attemptedAt: rows.optional(row, 9, rows.timestamp),
                    finishedAt: rows.optional(row, 10, rows.timestamp))
            }
        }
    }
}
