public import ChurnCore
public import ChurnInsight

/// The newest cases of an in-memory store, in the order of their numbers.
struct InMemoryCases: Sendable {
    private var cases: [CustomerCase] = []
    private let kept: Int
    /// The newest steps about cases that were acted on, oldest first.
    private var changes: [Int64: [CaseChange]] = [:]
    /// The number of steps that are kept of a case.
    private static let changesKept = 100
    /// The newest steps and interventions with the time at which each was written, oldest first.
    private var lately: [(time: Timestamp, activity: CaseActivity)] = []
    private static let latelyKept = 1_000

    init(kept: Int) { self.kept = max(0, kept) }

    /// Adds the event's case where it made its customer one at risk.
    mutating func add(_ scored: ScoredEvent, bands: RiskBands, reason: String?, at now: Timestamp) {
        guard let prediction = scored.prediction, prediction.alert.becameAtRisk, self.kept > 0 else { return }
        var customerCase = CustomerCase(
            id: scored.eventID, customerID: scored.event.customerID, eventType: scored.event.type,
            eventTime: scored.event.time, raisedAt: now, probability: prediction.probability,
            band: bands.band(of: prediction.probability))
        customerCase.reason = reason
        self.cases.insert(customerCase, at: self.index(of: customerCase.id))
        // Cut off now and then, so that a case costs no more than its place.
        guard self.cases.count > self.kept + self.kept / 4 else { return }
        let surplus = self.cases.count - self.kept
        for customerCase in self.cases.prefix(surplus) { self.changes[customerCase.id] = nil }
        self.cases.removeFirst(surplus)
    }

    func page(_ query: CaseQuery, at now: Timestamp) -> CasePage {
        let end = query.before.map(self.index(of:)) ?? self.cases.count
        let limit = max(1, query.limit)
        let found = self.cases[..<end].reversed().lazy.filter { query.includes($0, at: now) }.prefix(limit + 1)
        let cases = Array(found)
        return CasePage(cases: Array(cases.prefix(limit)), hasMore: cases.count > limit)
    }

    subscript(id: Int64) -> CustomerCase? {
        let index = self.index(of: id)
        return index < self.cases.count && self.cases[index].id == id ? self.cases[index] : nil
    }

    func counts(openLimit: Int, at now: Timestamp) -> [CaseStatus: Int] {
        var counts: [CaseStatus: Int] = [:]
        for customerCase in self.cases { counts[customerCase.handling.status(at: now), default: 0] += 1 }
        if let open = counts[.open] { counts[.open] = min(open, max(0, openLimit)) }
        return counts.filter { $0.value > 0 }
    }

    /// - Parameter record: writes the step down elsewhere too; nothing changes where it throws.
    mutating func take(
        _ step: CaseStep, on id: Int64, version: Int64, by actor: String, at now: Timestamp,
        record: (CaseChange) throws -> Void
    ) rethrows -> CaseStepResult {
        guard let customerCase = self[id] else { return .unknown }
        guard customerCase.handling.version == version else { return .outdated(customerCase) }
        guard let next = customerCase.handling.taking(step, by: actor, at: now) else { return .refused(customerCase) }
        let change = CaseChange(of: id, from: customerCase.handling, to: next, by: actor, at: now)
        try record(change)
        return .changed(self.keep(change, next))
    }

    /// Makes an intervention a step of its case.
    mutating func act(_ intervention: Intervention, at now: Timestamp, written: Timestamp) {
        guard let id = intervention.caseID, let customerCase = self[id],
            let next = customerCase.handling.acting(by: intervention.agent, at: now)
        else { return }
        var change = CaseChange(of: id, from: customerCase.handling, to: next, by: intervention.agent, at: now)
        change.interventionID = intervention.id
        self.note(.step(change), of: self.keep(change, next).customerID, at: written)
    }

    private mutating func keep(_ change: CaseChange, _ handling: CaseHandling) -> CustomerCase {
        self.changes[change.caseID, default: []].append(change)
        if let count = self.changes[change.caseID]?.count, count > Self.changesKept {
            self.changes[change.caseID]?.removeFirst(count - Self.changesKept)
        }
        let index = self.index(of: change.caseID)
        self.cases[index].handling = handling
        return self.cases[index]
    }

    /// The newest case of a customer that is not resolved.
    func newestUnresolved(of customerID: String) -> CustomerCase? {
        self.cases.last { $0.customerID.hasBytes(of: customerID) && $0.handling.status != .resolved }
    }

    /// The steps about all kept cases of a customer.
    func changes(ofCustomer id: String) -> [CaseChange] {
        guard !self.changes.isEmpty else { return [] }
        return self.cases.lazy.filter { $0.customerID.hasBytes(of: id) }.flatMap { self.changes[$0.id] ?? [] }
    }

    mutating func note(_ kind: CaseActivity.Kind, of customerID: String, at written: Timestamp) {
        if self.lately.count >= Self.latelyKept { self.lately.removeFirst(Self.latelyKept / 2) }
        self.lately.append((written, CaseActivity(customerID: customerID, kind: kind)))
    }

    func activity(window: Duration, written: Timestamp, at now: Timestamp) -> [CaseActivity] {
        let (start, ended) = (written.advanced(by: .zero - window), now.advanced(by: .zero - window))
        return self.lately.filter { $0.time > start }.map(\.activity)
            + self.cases.compactMap { customerCase in
                guard customerCase.handling.status == .snoozed, let until = customerCase.handling.snoozedUntil,
                    until <= now, until > ended
                else { return nil }
                return CaseActivity(
                    customerID: customerCase.customerID, kind: .due(caseID: customerCase.id, at: until))
            }
    }

    func changes(of id: Int64, before version: Int64?, limit: Int) -> [CaseChange]? {
        guard self[id] != nil else { return nil }
        let earlier = (self.changes[id] ?? []).reversed().lazy.filter { $0.version < version ?? .max }
        return Array(earlier.prefix(max(0, limit)))
    }

    /// Returns the index of the first case whose number is not below `id`.
    private func index(of id: Int64) -> Int {
        var (low, high) = (0, self.cases.count)
        while low < high {
            let middle = (low + high) / 2
            if self.cases[middle].id < id { low = middle + 1 } else { high = middle }
        }
        return low
    }
}

extension CaseQuery {
    fileprivate func includes(_ customerCase: CustomerCase, at now: Timestamp) -> Bool {
        (self.statuses.isEmpty || self.statuses.contains(customerCase.handling.status(at: now)))
            && (self.bands.isEmpty || self.bands.contains(customerCase.band))
            && (self.assignee.map { customerCase.handling.assignee == $0 } ?? true)
            && (self.customerID.map { customerCase.customerID.hasBytes(of: $0) } ?? true)
    }
}

extension InMemoryStore: CaseStore {
    /// The cases that fit, newest first.
    public func cases(_ query: CaseQuery, at now: Timestamp) async throws -> CasePage {
        let domain = self.domain
        return self.tables.withLock { tables in
            var page = tables.cases.page(query, at: now)
            page.cases = page.cases.map { tables.showing($0, in: domain) }
            return page
        }
    }

    /// One case; nil where there is none, or no more.
    public func customerCase(id: Int64) async throws -> CustomerCase? {
        let domain = self.domain
        return self.tables.withLock { tables in tables.cases[id].map { tables.showing($0, in: domain) } }
    }

    /// Returns the number of cases by status.
    public func caseCounts(openLimit: Int, at now: Timestamp) async throws -> [CaseStatus: Int] {
        self.tables.withLock { $0.cases.counts(openLimit: openLimit, at: now) }
    }

    /// Takes a step where the case is of the version that its actor has seen.
    public func take(
        _ step: CaseStep, on id: Int64, version: Int64, by actor: String, at now: Timestamp,
        audit: AuditNote<CaseChange>?
    ) async throws -> CaseStepResult {
        let (domain, written) = (self.domain, self.now())
        return try self.tables.withLock { tables in
            var taken: CaseChange?
            let result = try tables.cases.take(step, on: id, version: version, by: actor, at: now) { change in
                if let audit { try self.audit.append(audit(change)) }
                taken = change
            }
            if let taken, case .changed(let customerCase) = result {
                tables.cases.note(.step(taken), of: customerCase.customerID, at: written)
            }
            switch result {
            case .unknown: return .unknown
            case .changed(let customerCase): return .changed(tables.showing(customerCase, in: domain))
            case .outdated(let customerCase): return .outdated(tables.showing(customerCase, in: domain))
            case .refused(let customerCase): return .refused(tables.showing(customerCase, in: domain))
            }
        }
    }

    /// Returns what happened lately; at most the newest 1,000 steps and interventions are kept for it.
    public func caseActivity(window: Duration, at now: Timestamp) async throws -> [CaseActivity] {
        let written = self.now()
        return self.tables.withLock { $0.cases.activity(window: window, written: written, at: now) }
    }

    /// The newest steps about a case; at most 100 of each are kept.
    public func changes(of id: Int64, before version: Int64?, limit: Int) async throws -> [CaseChange]? {
        self.tables.withLock { $0.cases.changes(of: id, before: version, limit: limit) }
    }
}

extension InMemoryTables {
    /// The case beside its customer as it is now.
    fileprivate func showing(_ customerCase: CustomerCase, in domain: Domain) -> CustomerCase {
        var shown = customerCase
        shown.customer = self.customer(customerCase.customerID).map { CaseCustomer($0.state, in: domain) }
        return shown
    }
}
