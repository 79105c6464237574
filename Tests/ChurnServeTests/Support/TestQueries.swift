import ChurnCore
import ChurnInsight

@testable import ChurnServe

/// A store of the REST routes with configured answers.
struct TestQueries: CustomerQueries, InterventionLog, FeatureStore {
    var customers: [CustomerState] = []
    var summary = RiskSummary(
        customers: 0, bands: [:], valueAtRisk: 0, meanProbability: nil, trend: [], segments: [])
    var analytics = RiskAnalytics(lifeCycle: [], profiles: [], flow: [])
    /// The start of the page after any page.
    var next: WatchlistCursor?
    /// Newest first.
    var logged: [LoggedEvent] = []
    var entries: [TimelineEntry] = []
    var importances: [FeatureImportance] = []
    /// This many alerts are handed over at a time.
    var alertPortion = Int.max
    /// Called before every answer, and before every portion of one.
    var before: @Sendable () async throws -> Void = {}
    let asked = Locked<[WatchlistQuery]>([])
    let kept = Locked<[NewIntervention]>([])

    func riskSummary(at now: Timestamp) async throws -> RiskSummary {
        try await self.before()
        return self.summary
    }

    func riskAnalytics() async throws -> RiskAnalytics {
        try await self.before()
        return self.analytics
    }

    func watchlist(_ query: WatchlistQuery) async throws -> WatchlistPage {
        try await self.before()
        self.asked.withLock { $0.append(query) }
        return WatchlistPage(
            customers: Array(self.customers.dropFirst(query.offset).prefix(query.limit)), total: self.customers.count,
            next: self.next)
    }

    func events(before eventID: Int64?, limit: Int) async throws -> [LoggedEvent] {
        try await self.before()
        return Array(self.logged.filter { $0.event.eventID < eventID ?? .max }.prefix(limit))
    }

    func alerts(before eventID: Int64?, limit: Int, _ use: (LoggedAlerts) throws -> Void) async throws {
        var (last, left) = (eventID, limit)
        while left > 0 {
            let portion = try await self.alerts(before: last, limit: min(left, self.alertPortion))
            guard let end = portion.last else { return }
            try use(LoggedAlerts(portion))
            (last, left) = (end.eventID, left - portion.count)
        }
    }

    func alerts(before eventID: Int64?, limit: Int) async throws -> [LoggedAlert] {
        try await self.before()
        let alerts = self.logged.filter { $0.isAlert && $0.event.eventID < eventID ?? .max }
        return alerts.prefix(limit).map { event in
            LoggedAlert(event, of: self.customers.first { $0.id == event.customerID }, in: .telco)
        }
    }

    func timeline(of customerID: String, before time: Timestamp?, limit: Int) async throws -> [TimelineEntry]? {
        try await self.before()
        guard self.customers.contains(where: { $0.id == customerID }) else { return nil }
        return Array(self.entries.filter { entry in time.map { entry.time < $0 } ?? true }.prefix(limit))
    }

    func scoreChanges(of customerID: String, limit: Int) async throws -> [RecentEvent]? {
        try await self.before()
        guard self.customers.contains(where: { $0.id == customerID }) else { return nil }
        let events = self.entries.compactMap { entry in
            if case .event(let event) = entry, event.change != nil { event } else { nil }
        }
        return Array(events.prefix(limit))
    }

    func featureImportances(
        segment: String?, modelVersion: String?, limit: Int
    ) async throws -> [FeatureImportance] {
        let prefix = [segment, modelVersion].compactMap { $0 }.joined(separator: "/")
        return self.importances.prefix(limit).map {
            FeatureImportance(
                feature: prefix.isEmpty ? $0.feature : prefix + ":" + $0.feature, importance: $0.importance,
                modelVersion: $0.modelVersion)
        }
    }

    func refresh() async throws {}

    func log(
        _ intervention: NewIntervention, at now: Timestamp, audit: AuditNote<Intervention>?
    ) async throws -> Intervention? {
        try await self.before()
        guard self.customers.contains(where: { $0.id == intervention.customerID }) else { return nil }
        let number = self.kept.withLock { kept in
            kept.append(intervention)
            return kept.count
        }
        return Intervention(
            id: Int64(number), action: intervention.action, time: intervention.time, agent: intervention.agent,
            type: intervention.type, note: intervention.note, actionID: intervention.actionID,
            caseID: intervention.caseID)
    }

    func states(for ids: [String]) async throws -> [String: CustomerState] {
        try await self.before()
        return Dictionary(
            self.customers.filter { ids.contains($0.id) }.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
    }
}

extension TestQueries: CustomerDirectory {
    func customer(id: String, recentEvents: Int) async throws -> CustomerRecord? {
        self.customers.first { $0.id == id }.map {
            CustomerRecord(state: $0, recentEvents: [], interventions: [])
        }
    }

    /// The customers are in the order of their ids.
    func customerIDs(after id: String?, limit: Int) async throws -> [String] {
        try await self.before()
        return Array(self.customers.map(\.id).filter { $0 > id ?? "" }.prefix(limit))
    }

    func customerCount() async throws -> Int { self.customers.count }
    func importCustomers(_ customers: [CustomerState]) async throws -> Int { 0 }
}

extension TestQueries {
    /// The time of everything that has no other.
    static let time = Timestamp(microseconds: 1_700_000_000_250_000)

    /// A customer whose score decides its band.
    static func customer(_ id: String, contract: String = "Month-to-month", score: Double? = nil) -> CustomerState {
        let features: [FeatureValue] = Domain.telco.schema.features.map { feature in
            switch feature.name {
            case "TotalCharges": .missing
            case "MonthlyCharges": .number(29.85)
            case "Contract": .text(contract)
            default: feature.type == .numeric ? .number(1) : .text("No")
            }
        }
        let latest = score.map {
            LatestScore(probability: $0, band: Domain.telco.bands.band(of: $0), time: Self.time)
        }
        return CustomerState(
            id: id, features: features, version: 3, latest: latest, lastEvent: latest.map { _ in Self.time })
    }

    static func event(
        _ id: Int64, of customer: String, probability: Double? = 0.5, isAlert: Bool = false
    ) -> LoggedEvent {
        LoggedEvent(
            customerID: customer,
            event: RecentEvent(
                eventID: id, type: EventType(rawValue: "contract_downgrade"), time: Self.time,
                json: Array(#"{"user_id":"\#(customer)"}"#.utf8), probability: probability),
            isAlert: isAlert, becameAtRisk: isAlert)
    }

    /// Runs `body` against a server over these queries.
    func serve(
        limits: ServerLimits = ServerLimits(), models: ModelSlot = ModelSlot(),
        registry: (any ModelRegistry)? = nil, modelHealth: (any ModelHealthSource)? = nil,
        rescores: (any RescoreLog)? = nil,
        _ body: @Sendable (ServeHarness) async throws -> Void
    ) async throws {
        try await ServeHarness.run(
            limits: limits, customers: self,
            queries: ServerQueries(
                customers: self, store: self, models: models, registry: registry,
                modelHealth: modelHealth, rescores: rescores, now: { Self.time }), body)
    }
}

extension ServeHarness {
    /// Sends a body as JSON.
    func post(_ path: String, _ body: String, type: String? = "application/json") async throws -> Answer {
        let declared = type.map { "Content-Type: \($0)\r\n" } ?? ""
        return try await self.request(
            path, method: "POST", headers: "\(declared)Content-Length: \(body.utf8.count)\r\n", body: body)
    }
}

extension Answer {
    /// The body as a JSON value.
    var json: JSONValue? { JSONValue.parse(Array(self.body.utf8)) }

    /// The body of a chunked answer; nil where its end is missing.
    var chunks: String? {
        var text = ""
        var rest = Substring(self.body)
        while let end = rest.firstRange(of: "\r\n"), let size = Int(rest[..<end.lowerBound], radix: 16) {
            if size == 0 { return text }
            let bytes = Array(rest[end.upperBound...].utf8)
            guard bytes.count >= size + 2 else { return nil }
            text += String(decoding: bytes[..<size], as: UTF8.self)
            rest = Substring(String(decoding: bytes[(size + 2)...], as: UTF8.self))
        }
        return nil
    }
}

extension JSONValue {
    subscript(_ name: String) -> JSONValue? { if case .object(let members) = self { members[name] } else { nil } }
    subscript(_ index: Int) -> JSONValue? {
        if case .list(let list) = self, list.indices.contains(index) { list[index] } else { nil }
    }
    var names: Set<String> { if case .object(let members) = self { Set(members.keys) } else { [] } }
    var list: [JSONValue] { if case .list(let list) = self { list } else { [] } }
    var text: String? { if case .text(let text) = self { text } else { nil } }
}
