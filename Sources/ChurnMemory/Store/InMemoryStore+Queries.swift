public import ChurnCore
public import ChurnInsight

/// Answers by looking at every customer: plain enough to be the measure of faster implementations.
extension InMemoryStore: CustomerQueries {
    /// Returns a summary of the customer base.
    public func riskSummary(at now: Timestamp) async throws -> RiskSummary {
        let (domain, present) = (self.domain, self.now())
        return self.tables.withLock { tables in
            var summary = tables.counts(in: domain, at: present).summary(trend: tables.hourly.trend(at: now))
            summary.take(tables.snapshots, tables.hourly, at: now)
            return summary
        }
    }

    /// Returns the counts of life-cycle stages, segments and bands together.
    public func riskAnalytics() async throws -> RiskAnalytics {
        let (domain, now) = (self.domain, self.now())
        return self.tables.withLock { tables in
            tables.counts(in: domain, at: now).analytics(hasTenure: domain.tenureFeature != nil)
        }
    }

    /// A page of the watchlist.
    public func watchlist(_ query: WatchlistQuery) async throws -> WatchlistPage {
        let (domain, now) = (self.domain, self.now())
        let search = query.searchKey
        return self.tables.withLock { tables in
            let found = tables.customers.values.lazy.map(\.state).filter { state in
                !state.hasLeft(at: now)
                    && (query.bands.isEmpty || state.latest.map { query.bands.contains($0.band) } ?? false)
                    && (query.segments.isEmpty
                        || state.features[domain.segmentFeature].segmentName.map(query.segments.contains) ?? false)
                    && WatchlistQuery.finds(search, in: state.id)
            }
            let ranked = found.map {
                (state: $0, place: WatchlistCursor(rank: query.rank(of: $0, in: domain), id: $0.id))
            }
            .sorted { query.places($0.place, before: $1.place) }
            let rest = ranked.filter { customer in
                query.after.map { query.places($0, before: customer.place) } ?? true
            }.dropFirst(query.passedOver)
            let shown = rest.prefix(query.count)
            return WatchlistPage(
                customers: shown.map(\.state), total: ranked.count,
                next: rest.count > shown.count ? shown.last?.place : nil)
        }
    }

    /// The newest events of all customers.
    public func events(before eventID: Int64?, limit: Int) async throws -> [LoggedEvent] {
        self.tables.withLock { $0.newestEvents.page(before: eventID, limit: limit) }
    }

    /// The newest alerts of all customers.
    public func alerts(before eventID: Int64?, limit: Int) async throws -> [LoggedAlert] {
        let domain = self.domain
        return self.tables.withLock { tables in
            tables.newestAlerts.page(before: eventID, limit: limit).map {
                LoggedAlert($0, of: tables.customers[$0.customerID]?.state, in: domain)
            }
        }
    }

    /// The first reasons of recent alerts.
    public func topReasons(since time: Timestamp) async throws -> TopReasons {
        self.tables.withLock { $0.alertReasons.top(since: time) }
    }

    /// The newest of what happened to one customer.
    public func timeline(of customerID: String, before time: Timestamp?, limit: Int) async throws -> [TimelineEntry]? {
        self.tables.withLock { tables in
            tables.customer(customerID).map { customer in
                let all =
                    customer.events.map(TimelineEntry.event) + customer.scores
                    + customer.interventions.map(TimelineEntry.intervention)
                    + tables.cases.changes(ofCustomer: customerID).map(TimelineEntry.step)
                return Array(
                    all.filter { entry in time.map { entry.time < $0 } ?? true }
                        .sorted { $0.isNewer(than: $1) }.prefix(max(0, limit)))
            }
        }
    }

    /// Answers are never behind.
    public func refresh() async throws {}
}

extension InMemoryStore: InterventionLog {
    /// Adds an intervention.
    public func log(
        _ intervention: NewIntervention, at now: Timestamp, audit: AuditNote<Intervention>?
    ) async throws -> Intervention? {
        let (kept, written) = (self.interventionsPerCustomer, self.now())
        return try self.tables.withLock { tables in
            guard let customer = tables.customer(intervention.customerID) else { return nil }
            if let earlier = tables.writeKeys.intervention(of: intervention) { return earlier }
            let caseID = try tables.cases.caseID(of: intervention)
            let logged = Intervention(
                id: tables.nextIntervention, action: intervention.action, time: intervention.time,
                agent: intervention.agent, type: intervention.type, note: intervention.note,
                actionID: intervention.actionID, caseID: caseID, predictionID: customer.given.last?.eventID)
            if let audit { try self.audit.append(audit(logged)) }
            tables.nextIntervention += 1
            tables.writeKeys.keep(logged, of: intervention, limit: kept)
            tables.cases.act(logged, at: now, written: written)
            tables.cases.note(.intervention(logged), of: intervention.customerID, at: written)
            tables.customers[intervention.customerID]?.interventions.append(logged)
            if let count = tables.customers[intervention.customerID]?.interventions.count, count > kept {
                tables.customers[intervention.customerID]?.interventions.removeFirst(count - kept)
            }
            return logged
        }
    }
}

extension InMemoryTables {
    fileprivate func counts(in domain: Domain, at now: Timestamp) -> RiskCounts {
        RiskCounts(
            self.customers.values.lazy.map { ProjectedCustomer($0.state, in: domain).standing(at: now) },
            alerts: domain.alerts)
    }
}

extension InMemoryCases {
    /// The case that an intervention is about.
    fileprivate func caseID(of intervention: NewIntervention) throws -> Int64? {
        guard let id = intervention.caseID else { return self.newestUnresolved(of: intervention.customerID)?.id }
        guard let found = self[id], found.customerID.hasBytes(of: intervention.customerID) else {
            throw ChurnError(
                .dataRefused, .reject, during: "log an intervention",
                advice: "The case that it names is none of this customer.")
        }
        return id
    }
}
