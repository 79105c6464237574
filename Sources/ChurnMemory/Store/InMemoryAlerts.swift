import ChurnCore
import ChurnInsight

/// The newest alerts of an in-memory store, in the order of their numbers.
struct InMemoryAlerts: Sendable {
    private var alerts: [Alert] = []
    private let kept: Int
    /// The newest steps about alerts that were acted on, oldest first.
    private var changes: [Int64: [AlertChange]] = [:]
    /// The number of steps that are kept of an alert.
    private static let changesKept = 100

    init(kept: Int) { self.kept = max(0, kept) }

    /// Adds the event's alert where it made its customer one at risk.
    mutating func add(_ scored: ScoredEvent, bands: RiskBands, at now: Timestamp) {
        guard let prediction = scored.prediction, prediction.alert.becameAtRisk, self.kept > 0 else { return }
        let alert = Alert(
            id: scored.eventID, customerID: scored.event.customerID, eventType: scored.event.type,
            eventTime: scored.event.time, raisedAt: now, probability: prediction.probability,
            band: bands.band(of: prediction.probability))
        self.alerts.insert(alert, at: self.index(of: alert.id))
        // Cut off now and then, so that an alert costs no more than its place.
        guard self.alerts.count > self.kept + self.kept / 4 else { return }
        let surplus = self.alerts.count - self.kept
        for alert in self.alerts.prefix(surplus) { self.changes[alert.id] = nil }
        self.alerts.removeFirst(surplus)
    }

    func page(_ query: AlertQuery, at now: Timestamp) -> AlertPage {
        let end = query.before.map(self.index(of:)) ?? self.alerts.count
        let limit = max(1, query.limit)
        let found = self.alerts[..<end].reversed().lazy.filter { query.includes($0, at: now) }.prefix(limit + 1)
        let alerts = Array(found)
        return AlertPage(alerts: Array(alerts.prefix(limit)), hasMore: alerts.count > limit)
    }

    subscript(id: Int64) -> Alert? {
        let index = self.index(of: id)
        return index < self.alerts.count && self.alerts[index].id == id ? self.alerts[index] : nil
    }

    func counts(openLimit: Int, at now: Timestamp) -> [AlertStatus: Int] {
        var counts: [AlertStatus: Int] = [:]
        for alert in self.alerts { counts[alert.handling.status(at: now), default: 0] += 1 }
        if let open = counts[.open] { counts[.open] = min(open, max(0, openLimit)) }
        return counts.filter { $0.value > 0 }
    }

    /// - Parameter record: writes the step down elsewhere too; nothing changes where it throws.
    mutating func take(
        _ step: AlertStep, on id: Int64, version: Int64, by actor: String, at now: Timestamp,
        record: (AlertChange) throws -> Void
    ) rethrows -> AlertOutcome {
        guard let alert = self[id] else { return .unknown }
        guard alert.handling.version == version else { return .outdated(alert) }
        guard let next = alert.handling.taking(step, by: actor, at: now) else { return .refused(alert) }
        let change = AlertChange(of: id, from: alert.handling, to: next, by: actor, at: now)
        try record(change)
        self.changes[id, default: []].append(change)
        if let count = self.changes[id]?.count, count > Self.changesKept {
            self.changes[id]?.removeFirst(count - Self.changesKept)
        }
        let index = self.index(of: id)
        self.alerts[index].handling = next
        return .changed(self.alerts[index])
    }

    func changes(of id: Int64, before version: Int64?, limit: Int) -> [AlertChange]? {
        guard self[id] != nil else { return nil }
        let earlier = (self.changes[id] ?? []).reversed().lazy.filter { $0.version < version ?? .max }
        return Array(earlier.prefix(max(0, limit)))
    }

    /// Returns the index of the first alert whose number is not below `id`.
    private func index(of id: Int64) -> Int {
        var (low, high) = (0, self.alerts.count)
        while low < high {
            let middle = (low + high) / 2
            if self.alerts[middle].id < id { low = middle + 1 } else { high = middle }
        }
        return low
    }
}

extension AlertQuery {
    fileprivate func includes(_ alert: Alert, at now: Timestamp) -> Bool {
        (self.statuses.isEmpty || self.statuses.contains(alert.handling.status(at: now)))
            && (self.bands.isEmpty || self.bands.contains(alert.band))
            && (self.assignee.map { alert.handling.assignee == $0 } ?? true)
            && (self.customerID.map { alert.customerID.hasBytes(of: $0) } ?? true)
    }
}

extension InMemoryStore: AlertStore {
    /// The alerts that fit, newest first.
    public func alerts(_ query: AlertQuery, at now: Timestamp) async throws -> AlertPage {
        self.tables.withLock { $0.alerts.page(query, at: now) }
    }

    /// One alert; nil where there is none, or no more.
    public func alert(id: Int64) async throws -> Alert? { self.tables.withLock { $0.alerts[id] } }

    /// Returns the number of alerts by status.
    public func alertCounts(openLimit: Int, at now: Timestamp) async throws -> [AlertStatus: Int] {
        self.tables.withLock { $0.alerts.counts(openLimit: openLimit, at: now) }
    }

    /// Takes a step where the alert is of the version that its actor has seen.
    public func take(
        _ step: AlertStep, on id: Int64, version: Int64, by actor: String, at now: Timestamp,
        audit: AuditNote<AlertChange>?
    ) async throws -> AlertOutcome {
        try self.tables.withLock { tables in
            try tables.alerts.take(step, on: id, version: version, by: actor, at: now) { change in
                if let audit { try self.audit.append(audit(change)) }
            }
        }
    }

    /// The newest steps about an alert; at most 100 of each are kept.
    public func changes(of id: Int64, before version: Int64?, limit: Int) async throws -> [AlertChange]? {
        self.tables.withLock { $0.alerts.changes(of: id, before: version, limit: limit) }
    }
}
