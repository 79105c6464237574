public import ChurnCore

/// The numbers of rows that a retention run deleted.
public struct PrunedRows: Hashable, Sendable {
    /// Blocks of the update log.
    public var updateBlocks = 0
    /// Remembered event ids of producers.
    public var eventKeys = 0
    /// Events and scores; about, for those that went with their partition.
    public var events = 0
    /// The handling of cases whose events are gone.
    public var cases = 0
    /// The steps in the histories of such cases.
    public var caseChanges = 0
    /// Finished deliveries to webhooks.
    public var deliveries = 0
    /// Hours of the dashboard's figures: snapshots of risk and sums of scores.
    public var hours = 0
    /// Counts of what models did.
    public var modelCounts = 0
    /// Episodes of drift that are over.
    public var driftEpisodes = 0
    /// Challengers' scores.
    public var shadowScores = 0
    /// The outcomes of customers.
    public var outcomes = 0
}

/// Deletes what is older than it must be kept: whole partitions of the log of events, and of everything else a bounded
/// number of rows in each transaction, oldest first.
///
/// Age is the time at which we wrote a row. May run beside the pipeline: it locks only what is no longer written. Covers
/// the whole database, all its pipelines. Events are kept up to the length of a partition longer than asked for; those
/// that were written before the log had partitions are deleted by rows.
public struct Retention: Sendable {
    let pool: PostgresPool
    /// The most rows that one transaction deletes.
    public var chunk = 5_000

    // Blocks go oldest number first, so that what is left of a partition always is its newest stretch. A chunk looks at
    // the oldest blocks of each partition only, found by a walk along the primary key: to find all that are old enough
    // would grow with what is kept, and this has a time limit.
    private static let pruneUpdates = Statement(
        name: "prune_updates",
        sql: """
            WITH RECURSIVE partitions AS (
                (SELECT stream_id, epoch, partition FROM update_log ORDER BY stream_id, epoch, partition LIMIT 1)
                UNION ALL
                SELECT n.* FROM partitions p CROSS JOIN LATERAL (
                    SELECT u.stream_id, u.epoch, u.partition FROM update_log u
                    WHERE (u.stream_id, u.epoch, u.partition) > (p.stream_id, p.epoch, p.partition)
                    ORDER BY u.stream_id, u.epoch, u.partition LIMIT 1) AS n
            )
            DELETE FROM update_log u USING (
                SELECT l.* FROM partitions p CROSS JOIN LATERAL (
                    SELECT o.*, max(o.last_number) FILTER (WHERE o.written_at < $1::timestamptz) OVER () AS newest_old
                    FROM (SELECT stream_id, epoch, partition, last_number, written_at FROM update_log l
                        WHERE l.stream_id = p.stream_id AND l.epoch = p.epoch AND l.partition = p.partition
                        ORDER BY l.last_number LIMIT $2::int8) AS o) AS l
                WHERE l.last_number <= l.newest_old
                ORDER BY l.stream_id, l.epoch, l.partition, l.last_number LIMIT $2::int8) AS d
            WHERE u.stream_id = d.stream_id AND u.epoch = d.epoch AND u.partition = d.partition
                AND u.last_number = d.last_number
            """)
    private static let pruneKeys = Statement(
        name: "prune_keys",
        sql: """
            DELETE FROM event_dedup WHERE ctid = ANY(ARRAY(
                SELECT ctid FROM event_dedup WHERE accepted_at < $1::timestamptz LIMIT $2::int8 FOR UPDATE SKIP LOCKED))
            """)
    // By itself and not as a part of event_log: a row's place is unique within a partition only.
    private static let pruneEvents = Statement(
        name: "prune_events",
        sql: """
            DELETE FROM event_log_first WHERE ctid = ANY(ARRAY(
                SELECT ctid FROM event_log_first WHERE recorded_at < $1::timestamptz LIMIT $2::int8
                FOR UPDATE SKIP LOCKED))
            """)
    private static let hasFirstPartition = Statement(
        name: "has_first_event_partition", sql: "SELECT 1 FROM event_partitions WHERE name = 'event_log_first'")
    private static let dropPartition = Statement(
        name: "drop_event_partition", sql: "SELECT churn_drop_event_partition($1::timestamptz)")

    // A case goes with its event; what people did about it has no other meaning.
    private static let pruneCases = Statement(
        name: "prune_cases",
        sql: """
            DELETE FROM alert_states WHERE event_id = ANY(ARRAY(
                SELECT event_id FROM alert_states s WHERE changed_at < $1::timestamptz
                    AND NOT EXISTS (SELECT 1 FROM event_log l WHERE l.event_id = s.event_id) LIMIT $2::int8))
            """)
    private static let pruneCaseChanges = Statement(
        name: "prune_case_changes",
        sql: """
            DELETE FROM alert_changes WHERE ctid = ANY(ARRAY(
                SELECT ctid FROM alert_changes c WHERE changed_at < $1::timestamptz
                    AND NOT EXISTS (SELECT 1 FROM event_log l WHERE l.event_id = c.event_id) LIMIT $2::int8))
            """)
    private static let pruneDeliveries = Statement(
        name: "prune_deliveries",
        sql: """
            DELETE FROM webhook_deliveries WHERE ctid = ANY(ARRAY(
                SELECT ctid FROM webhook_deliveries WHERE finished_at < $1::timestamptz LIMIT $2::int8
                FOR UPDATE SKIP LOCKED))
            """)

    /// Deletes rows that were written before these points in time; nil keeps all of them.
    ///
    /// Can be cancelled between two chunks, and run again.
    public func prune(
        updateLogOlderThan updates: Timestamp? = nil, dedupOlderThan keys: Timestamp? = nil,
        eventsOlderThan events: Timestamp? = nil, figuresOlderThan figures: Timestamp? = nil,
        modelRecordsOlderThan records: Timestamp? = nil
    ) async throws -> PrunedRows {
        var pruned = PrunedRows()
        if let updates {
            // A block is as large as a thousand events.
            let chunk = min(self.chunk, 500)
            pruned.updateBlocks = try await self.prune(Self.pruneUpdates, olderThan: updates, chunk: chunk)
        }
        if let keys { pruned.eventKeys = try await self.prune(Self.pruneKeys, olderThan: keys, chunk: self.chunk) }
        if let events {
            pruned.events = try await self.dropPartitions(olderThan: events)
            if try await self.hasFirstPartition() {
                pruned.events += try await self.prune(Self.pruneEvents, olderThan: events, chunk: self.chunk)
            }
            pruned.cases = try await self.prune(Self.pruneCases, olderThan: events, chunk: self.chunk)
            pruned.caseChanges = try await self.prune(
                Self.pruneCaseChanges, olderThan: events, chunk: self.chunk)
            pruned.deliveries = try await self.prune(Self.pruneDeliveries, olderThan: events, chunk: self.chunk)
        }
        if let figures {
            for statement in Self.pruneHours {
                pruned.hours += try await self.prune(statement, olderThan: figures, chunk: self.chunk)
            }
        }
        if let records {
            for statement in [Self.pruneCounts, Self.pruneModelHours] {
                pruned.modelCounts += try await self.prune(statement, olderThan: records, chunk: self.chunk)
            }
            pruned.driftEpisodes = try await self.prune(Self.pruneEpisodes, olderThan: records, chunk: self.chunk)
            pruned.shadowScores = try await self.prune(Self.pruneShadows, olderThan: records, chunk: self.chunk)
            pruned.outcomes = try await self.prune(Self.pruneOutcomes, olderThan: records, chunk: self.chunk)
        }
        return pruned
    }

    /// Drops the partitions that were over before this time, and returns about how many events they held.
    private func dropPartitions(olderThan time: Timestamp) async throws -> Int {
        var parameters = ParameterBuffer()
        parameters.timestamp(time)
        let sent = parameters
        var total = 0
        while true {
            let held = try await JobRetry().run {
                try await self.pool.withConnection("drop old events") { connection in
                    let rows = try connection.run(Self.dropPartition, sent)
                    return rows.optional(0, 0, rows.int64)
                }
            }
            guard let held else { return total }
            total += Int(held)
        }
    }

    private func hasFirstPartition() async throws -> Bool {
        try await self.pool.withConnection("look for old events") { connection in
            try connection.run(Self.hasFirstPartition).rowCount > 0
        }
    }

    private func prune(_ statement: Statement, olderThan time: Timestamp, chunk: Int) async throws -> Int {
        var parameters = ParameterBuffer()
        parameters.timestamp(time)
        parameters.int64(Int64(chunk))
        let sent = parameters
        var total = 0
        while true {
            let count = try await JobRetry().run {
                try await self.pool.withConnection("delete old rows") { connection in
                    try connection.run(statement, sent).changedRows
                }
            }
            total += count
            if count < chunk { return total }
        }
    }
}

extension PostgresStore {
    /// Deletes what is older than it must be kept.
    public var retention: Retention { Retention(pool: self.pool) }
}
