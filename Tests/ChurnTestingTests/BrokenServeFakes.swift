import ChurnCore
import ChurnInsight
import ChurnMemory

/// A store that writes its audit entries after the change, in a step of their own, and takes no notice of versions.
struct LateAuditor: CaseStore, InterventionLog, PredictionSink, CustomerDirectory, ModelRecords, AuditLog {
    let base = InMemoryStore(domain: .telco)
    var comparesVersions = true

    func take(
        _ step: CaseStep, on id: Int64, version: Int64, by actor: String, at now: Timestamp,
        audit: AuditNote<CaseChange>?
    ) async throws -> CaseStepResult {
        let current = try await self.base.customerCase(id: id)?.handling.version
        let outcome = try await self.base.take(
            step, on: id, version: self.comparesVersions ? version : current ?? version, by: actor, at: now)
        if case .changed = outcome, let audit,
            let change = try await self.base.changes(of: id, before: nil, limit: 1)?.first
        {
            try await self.base.record(audit(change))
        }
        return outcome
    }

    func log(
        _ intervention: NewIntervention, at now: Timestamp, audit: AuditNote<Intervention>?
    ) async throws -> Intervention? {
        let logged = try await self.base.log(intervention, at: now, audit: nil)
        if let logged, let audit { try await self.base.record(audit(logged)) }
        return logged
    }

    func cases(_ query: CaseQuery, at now: Timestamp) async throws -> CasePage {
        try await self.base.cases(query, at: now)
    }
    func customerCase(id: Int64) async throws -> CustomerCase? { try await self.base.customerCase(id: id) }
    func caseCounts(openLimit: Int, at now: Timestamp) async throws -> [CaseStatus: Int] {
        try await self.base.caseCounts(openLimit: openLimit, at: now)
    }
    func changes(of id: Int64, before version: Int64?, limit: Int) async throws -> [CaseChange]? {
        try await self.base.changes(of: id, before: version, limit: limit)
    }
    func caseActivity(window: Duration, at now: Timestamp) async throws -> [CaseActivity] {
        try await self.base.caseActivity(window: window, at: now)
    }
    func add(_ counts: [ModelCounts], shadow: [ShadowScore]) async throws {
        try await self.base.add(counts, shadow: shadow)
    }
    func modelCounts(since day: Int32) async throws -> [ModelCounts] { try await self.base.modelCounts(since: day) }
    func recordOutcomes(_ outcomes: [CustomerOutcome]) async throws -> Int {
        try await self.base.recordOutcomes(outcomes)
    }
    func hourlyCounts(of version: String, since hour: Int32) async throws -> [ModelCounts] {
        try await self.base.hourlyCounts(of: version, since: hour)
    }
    func outcomeCounts(in span: JudgementSpan) async throws -> OutcomeCounts {
        try await self.base.outcomeCounts(in: span)
    }
    func judgedScores(in span: JudgementSpan) async throws -> [JudgedScore] {
        try await self.base.judgedScores(in: span)
    }
    func positions(of stream: StreamName, partitions: [Int32]) async throws -> StreamPositions {
        try await self.base.positions(of: stream, partitions: partitions)
    }
    func pin(
        _ starts: [Int32: Int64], of stream: StreamIdentity, partitionCount: Int?
    ) async throws -> StreamPositions {
        try await self.base.pin(starts, of: stream, partitionCount: partitionCount)
    }
    func reserveEventIDs(_ count: Int) async throws -> Int64 { try await self.base.reserveEventIDs(count) }
    func write(_ batch: ScoredBatch) async throws -> WriteOutcome { try await self.base.write(batch) }
    func customer(id: String, recentEvents: Int) async throws -> CustomerRecord? {
        try await self.base.customer(id: id, recentEvents: recentEvents)
    }
    func customerIDs(after id: String?, limit: Int) async throws -> [String] {
        try await self.base.customerIDs(after: id, limit: limit)
    }
    func customerCount() async throws -> Int { try await self.base.customerCount() }
    func importCustomers(_ customers: [CustomerState]) async throws -> Int {
        try await self.base.importCustomers(customers)
    }
    func record(_ entry: NewAuditEntry) async throws -> AuditEntry { try await self.base.record(entry) }
    func auditEntries(before id: Int64?, limit: Int) async throws -> [AuditEntry] {
        try await self.base.auditEntries(before: id, limit: limit)
    }
}

/// A store of keys that revokes again what is revoked, and audits after the change.
struct LateKeys: APIKeyStore, AuditLog {
    let base = InMemoryAPIKeyStore()

    func addAPIKey(_ key: APIKey, audit: AuditNote<APIKey>?) async throws -> Bool {
        let isAdded = try await self.base.addAPIKey(key)
        if isAdded, let audit { try await self.base.record(audit(key)) }
        return isAdded
    }
    func revokeAPIKey(id: String, at time: Timestamp, audit: AuditNote<APIKey>?) async throws -> APIKey? {
        let key = try await self.base.revokeAPIKey(id: id, at: time)
        if let key, let audit { try await self.base.record(audit(key)) }
        return key
    }
    func apiKey(id: String) async throws -> APIKey? { try await self.base.apiKey(id: id) }
    func apiKeys() async throws -> [APIKey] { try await self.base.apiKeys() }
    func record(_ entry: NewAuditEntry) async throws -> AuditEntry { try await self.base.record(entry) }
    func auditEntries(before id: Int64?, limit: Int) async throws -> [AuditEntry] {
        try await self.base.auditEntries(before: id, limit: limit)
    }
}

/// An audit log that hands out entries from the oldest on.
struct OldestFirstAudit: AuditLog {
    let base = InMemoryAuditLog()

    func record(_ entry: NewAuditEntry) async throws -> AuditEntry { try await self.base.record(entry) }
    func auditEntries(before id: Int64?, limit: Int) async throws -> [AuditEntry] {
        try await self.base.auditEntries(before: id, limit: limit).reversed()
    }
}

/// A log of deliveries whose leases are over at once.
struct LeaselessDeliveries: DeliveryLog {
    let base = InMemoryStore(domain: .telco)

    func deliveryCursor(of webhook: String) async throws -> UpdateCursor? {
        try await self.base.deliveryCursor(of: webhook)
    }
    func addDeliveries(
        _ deliveries: [NewDelivery], to webhook: String, from: UpdateCursor?, to: UpdateCursor
    ) async throws -> Bool {
        try await self.base.addDeliveries(deliveries, to: webhook, from: from, to: to)
    }
    func claimDeliveries(of webhook: String, limit: Int, lease: Duration) async throws -> [ClaimedDelivery] {
        try await self.base.claimDeliveries(of: webhook, limit: limit, lease: .zero)
    }
    func finish(_ claim: ClaimedDelivery, with result: DeliveryResult) async throws -> Bool {
        try await self.base.finish(claim, with: result)
    }
    func deliveries(
        of webhook: String?, status: Delivery.Status?, before id: Int64?, limit: Int
    ) async throws -> [Delivery] {
        try await self.base.deliveries(of: webhook, status: status, before: id, limit: limit)
    }
}

/// A store that takes missing numbers for zero.
struct ZeroingStore: FeatureStore, CustomerDirectory {
    let base = InMemoryStore(domain: .telco)

    func states(for ids: [String]) async throws -> [String: CustomerState] {
        try await self.base.states(for: ids).mapValues { state in
            var state = state
            for index in state.features.indices where state.features[index] == .missing {
                state.features[index] = .number(0)
            }
            return state
        }
    }
    func customer(id: String, recentEvents: Int) async throws -> CustomerRecord? {
        try await self.base.customer(id: id, recentEvents: recentEvents)
    }
    func customerIDs(after id: String?, limit: Int) async throws -> [String] {
        try await self.base.customerIDs(after: id, limit: limit)
    }
    func customerCount() async throws -> Int { try await self.base.customerCount() }
    func importCustomers(_ customers: [CustomerState]) async throws -> Int {
        try await self.base.importCustomers(customers)
    }
}

/// Queries whose pages repeat the last customer of the page before, and whose newest events are the oldest.
struct OverlappingQueries: CustomerQueries {
    let base: InMemoryStore

    func watchlist(_ query: WatchlistQuery) async throws -> WatchlistPage {
        var query = query
        query.offset = max(1, query.offset) - 1
        return try await self.base.watchlist(query)
    }
    func events(before eventID: Int64?, limit: Int) async throws -> [LoggedEvent] {
        try await self.base.events(before: eventID, limit: limit).reversed()
    }
    func riskAnalytics() async throws -> RiskAnalytics { try await self.base.riskAnalytics() }
    func riskSummary(at now: Timestamp) async throws -> RiskSummary { try await self.base.riskSummary(at: now) }
    func alerts(before eventID: Int64?, limit: Int) async throws -> [LoggedAlert] {
        try await self.base.alerts(before: eventID, limit: limit)
    }
    func timeline(of customerID: String, before time: Timestamp?, limit: Int) async throws -> [TimelineEntry]? {
        try await self.base.timeline(of: customerID, before: time, limit: limit)
    }
    func scoreChanges(of customerID: String, limit: Int) async throws -> [RecentEvent]? {
        try await self.base.scoreChanges(of: customerID, limit: limit)
    }

    func featureImportances(
        segment: String?, modelVersion: String?, limit: Int
    ) async throws -> [FeatureImportance] {
        try await self.base.featureImportances(segment: segment, modelVersion: modelVersion, limit: limit)
    }
    func refresh() async throws {}
}
