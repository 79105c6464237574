public import ChurnCore
public import ChurnInsight

/// The deliveries of an in-memory store; finished ones are kept up to a number.
struct InMemoryDeliveries: Sendable {
    private struct Row {
        var line: Delivery
        /// Nothing once it was delivered.
        var body: [UInt8]
        var due: Timestamp
    }

    private struct EventKey: Hashable {
        var webhook: String
        var eventID: Int64
    }

    private var rows: [Int64: Row] = [:]
    private var finished: [Int64] = []
    private var known: Set<EventKey> = []
    private var cursors: [String: UpdateCursor] = [:]
    private var nextID: Int64 = 1
    private static let finishedKept = 10_000

    func cursor(of webhook: String) -> UpdateCursor? { self.cursors[webhook] }

    mutating func add(
        _ deliveries: [NewDelivery], to webhook: String, from: UpdateCursor?, to: UpdateCursor, at now: Timestamp
    ) -> Bool {
        guard self.cursors[webhook] == from else { return false }
        self.cursors[webhook] = to
        for new in deliveries
        where self.known.insert(EventKey(webhook: webhook, eventID: new.eventID)).inserted {
            let line = Delivery(
                id: self.nextID, webhook: webhook, eventID: new.eventID, key: new.key, status: .pending, attempts: 0,
                createdAt: now)
            self.rows[self.nextID] = Row(line: line, body: new.body, due: now)
            self.nextID += 1
        }
        return true
    }

    mutating func claim(of webhook: String, limit: Int, lease: Duration, at now: Timestamp) -> [ClaimedDelivery] {
        let due = self.rows.values
            .filter { $0.line.webhook == webhook && $0.line.status == .pending && $0.due <= now }
            .sorted { ($0.due, $0.line.id) < ($1.due, $1.line.id) }
            .prefix(max(0, limit))
        return due.map { row in
            var row = row
            row.line.attempts += 1
            row.line.attemptedAt = now
            row.due = now.advanced(by: lease)
            self.rows[row.line.id] = row
            return ClaimedDelivery(
                id: row.line.id, attempt: row.line.attempts,
                content: NewDelivery(eventID: row.line.eventID, key: row.line.key, body: row.body))
        }
    }

    mutating func finish(_ claim: ClaimedDelivery, with result: DeliveryResult, at now: Timestamp) -> Bool {
        guard var row = self.rows[claim.id], row.line.status == .pending, row.line.attempts == claim.attempt else {
            return false
        }
        row.line.httpStatus = result.httpStatus
        row.line.error = result.error
        switch result.next {
        case .retry(let pause): row.due = now.advanced(by: pause)
        case .delivered: row.line.status = .delivered
        case .failed: row.line.status = .failed
        }
        if row.line.status != .pending {
            row.line.finishedAt = now
            if row.line.status == .delivered { row.body = [] }
            self.finished.append(claim.id)
        }
        self.rows[claim.id] = row
        if self.finished.count > Self.finishedKept + Self.finishedKept / 4 { self.forget() }
        return true
    }

    func list(of webhook: String?, status: Delivery.Status?, before id: Int64?, limit: Int) -> [Delivery] {
        let lines = self.rows.values.lazy.map(\.line).filter { line in
            (webhook.map { line.webhook == $0 } ?? true) && (status.map { line.status == $0 } ?? true)
                && (id.map { line.id < $0 } ?? true)
        }
        return Array(lines.sorted { $0.id > $1.id }.prefix(max(1, limit)))
    }

    private mutating func forget() {
        for id in self.finished.prefix(self.finished.count - Self.finishedKept) {
            guard let row = self.rows.removeValue(forKey: id) else { continue }
            self.known.remove(EventKey(webhook: row.line.webhook, eventID: row.line.eventID))
        }
        self.finished.removeFirst(self.finished.count - Self.finishedKept)
    }
}

extension InMemoryStore: DeliveryLog {
    /// Returns the cursor up to which updates were taken up for a webhook.
    public func deliveryCursor(of webhook: String) async throws -> UpdateCursor? {
        self.tables.withLock { $0.deliveries.cursor(of: webhook) }
    }

    /// Adds deliveries and moves the cursor, where no one else did.
    public func addDeliveries(
        _ deliveries: [NewDelivery], to webhook: String, from: UpdateCursor?, to: UpdateCursor
    ) async throws -> Bool {
        let now = self.now()
        return self.tables.withLock { $0.deliveries.add(deliveries, to: webhook, from: from, to: to, at: now) }
    }

    /// Takes deliveries that are due.
    public func claimDeliveries(of webhook: String, limit: Int, lease: Duration) async throws -> [ClaimedDelivery] {
        let now = self.now()
        return self.tables.withLock { $0.deliveries.claim(of: webhook, limit: limit, lease: lease, at: now) }
    }

    /// Records the result of a claim.
    @discardableResult
    public func finish(_ claim: ClaimedDelivery, with result: DeliveryResult) async throws -> Bool {
        let now = self.now()
        return self.tables.withLock { $0.deliveries.finish(claim, with: result, at: now) }
    }

    /// The log, newest first.
    public func deliveries(
        of webhook: String?, status: Delivery.Status?, before id: Int64?, limit: Int
    ) async throws -> [Delivery] {
        self.tables.withLock { $0.deliveries.list(of: webhook, status: status, before: id, limit: limit) }
    }
}
