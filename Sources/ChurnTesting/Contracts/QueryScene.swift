import ChurnCore
import ChurnInsight
import Foundation

/// Puts customers, events, scores and interventions into the store of a check.
struct QueryScene: Sendable {
    let subject: QueriesUnderTest
    let samples: StoreSamples
    private let findings: ContractFindings
    private let offsets = Locked<(events: Int64, rescores: Int64, lastUpdate: Int64?)>((0, 0, nil))

    init(_ subject: QueriesUnderTest, _ findings: ContractFindings) {
        self.subject = subject
        self.samples = StoreSamples(domain: subject.domain)
        self.findings = findings
    }

    /// A customer with this segment and value.
    func customer(
        _ id: String, segment: String? = nil, value: Double? = nil, tenure: Double? = nil
    ) -> CustomerState {
        var customer = self.samples.customer(id)
        customer.features[self.subject.domain.segmentFeature] = segment.map(FeatureValue.text) ?? .missing
        if let feature = self.subject.domain.valueFeature {
            customer.features[feature] = value.map(FeatureValue.number) ?? .missing
        }
        if let feature = self.subject.domain.tenureFeature {
            customer.features[feature] = tenure.map(FeatureValue.number) ?? .missing
        }
        return customer
    }

    func add(_ customers: [CustomerState]) async throws {
        _ = try await self.subject.store.importCustomers(customers)
    }

    /// The time of the samples and this many seconds.
    static func time(_ seconds: Int) -> Timestamp { StoreSamples.time.advanced(by: .seconds(seconds)) }

    /// Writes an event of a customer with its score, as the pipeline does; nil for a duplicate's.
    ///
    /// - Parameter leaves: whether the customer leaves or comes back by it; nil for neither.
    /// - Returns: our number of the event.
    @discardableResult
    func event(
        _ id: String, _ probability: Double?, at seconds: Int = 0, reasons: [Reason] = [], change: ScoreChange? = nil,
        leaves: Bool? = nil
    ) async throws -> Int64 {
        let state = try self.findings.require(try await self.subject.store.states(for: [id])[id], "customer \(id)")
        let offset = self.offsets.withLock { offsets in
            offsets.events += 1
            return offsets.events - 1
        }
        let eventID = try await self.subject.store.reserveEventIDs(1)
        var event = self.samples.event(id, offset: offset)
        event.time = Self.time(seconds)
        event.recordTime = event.time
        var batch = ScoredBatch(ranges: [self.samples.range(0, offset, offset + 1)])
        guard let probability else {
            event.sourceEventID = "again"
            batch.events = [ScoredEvent(eventID: eventID, event: event, prediction: nil)]
            try await self.write(batch)
            return eventID
        }
        var next = state
        next.version += 1
        next.latest = LatestScore(
            probability: probability, band: self.subject.domain.bands.band(of: probability), time: event.time)
        if let leaves { next.leftAt = leaves ? event.time : nil }
        next.lastEvent = max(state.lastEvent ?? event.time, event.time)
        batch.events = [
            self.samples.scored(event, id: eventID, probability: probability, version: next.version)
        ]
        batch.events[0].prediction?.reasons = reasons
        batch.events[0].prediction?.change = change
        batch.changes = [StateChange(state: next, readVersion: state.version, featuresChanged: false)]
        let previous = self.offsets.withLock { offsets in
            defer { offsets.lastUpdate = offset }
            return offsets.lastUpdate
        }
        batch.updates = [self.samples.block(0, previous: previous, numbers: [offset])]
        try await self.write(batch)
        return eventID
    }

    /// Writes a score without an event; returns its number.
    @discardableResult
    func rescore(_ id: String, _ probability: Double, at seconds: Int = 0) async throws -> Int64 {
        let state = try self.findings.require(try await self.subject.store.states(for: [id])[id], "customer \(id)")
        let offset = self.offsets.withLock { offsets in
            offsets.rescores += 1
            return offsets.rescores - 1
        }
        let eventID = try await self.subject.store.reserveEventIDs(1)
        var prediction = self.samples.prediction(id, probability, version: state.version)
        prediction.alert.isAlert = false
        try await self.write(
            ScoredBatch(
                ranges: [self.samples.range(1, offset, offset + 1)],
                rescores: [Rescore(eventID: eventID, prediction: prediction, time: Self.time(seconds))]))
        return eventID
    }

    /// Logs an intervention.
    @discardableResult
    func intervention(_ id: String, _ action: String, at seconds: Int = 0) async throws -> Intervention {
        let new = NewIntervention(customerID: id, action: action, time: Self.time(seconds))
        return try self.findings.require(try await self.subject.store.log(new), "the intervention")
    }

    func summary(at now: Timestamp = StoreSamples.time) async throws -> RiskSummary {
        try await self.subject.queries.refresh()
        return try await self.subject.queries.riskSummary(at: now)
    }

    func watchlist(_ query: WatchlistQuery) async throws -> (ids: [String], total: Int) {
        let page = try await self.subject.queries.watchlist(query)
        return (page.customers.map(\.id), page.total)
    }

    private func write(_ batch: ScoredBatch) async throws {
        let outcome = try await self.subject.store.write(batch)
        self.findings.expect(outcome.isWritten, "the outcome is \(outcome), expected written")
    }
}

extension Timestamp {
    /// The wall clock's.
    static var present: Timestamp { Timestamp.systemNow() }
}
