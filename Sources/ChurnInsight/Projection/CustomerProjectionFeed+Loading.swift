import ChurnCore

extension CustomerProjectionFeed {
    func loadIfDue() async throws {
        let isDue = self.state.withLock { state in
            guard state.projection != nil, !state.loadFailed else { return true }
            let age = ContinuousClock.now - state.loadedAt
            return age >= self.configuration.reloadInterval
                || state.hasGap && age >= state.loadTook * self.configuration.restFactor
        }
        if isDue { try await self.reload() }
    }

    /// Loads everything again.
    public func reload() async throws {
        await self.loads.enter()
        defer { self.loads.leave() }
        let start = ContinuousClock.now
        do {
            try await self.load()
        } catch {
            self.state.withLock { state in
                state.loadFailed = !(error is CancellationError)
                state.loadTook = ContinuousClock.now - start
                state.loadedAt = .now
            }
            throw error
        }
        let taken = ContinuousClock.now - start
        self.state.withLock { state in
            state.loadFailed = false
            state.loadTook = taken
            state.loadedAt = .now
        }
        try await self.readSnapshots()
        self.metrics.loaded(in: taken)
        self.health.report(Self.component, .healthy)
    }

    /// Reads all customers while the updates are followed, and puts them in the place of those that are known.
    private func load() async throws {
        // Hours that were over long before the last load cannot change any more.
        let since = self.state.withLock { $0.loaded }.map {
            HourlyScores.start(of: HourlyScores.hour(of: $0.advanced(by: .zero - Self.openTransactions)))
        }
        let (domain, now) = (self.store.domain, self.now())
        let next = Locked(CustomerProjection(showing: ShownFeatures(domain), alerts: domain.alerts))
        let snapshot = try await self.store.snapshot(scoresSince: since) { customers in
            let standing = customers.map { $0.standing(at: now) }
            next.withLock { $0.load(standing) }
        }
        await self.turns.enter()
        defer { self.turns.leave() }
        // What is known of last events must reach at least as far as the snapshot.
        if self.state.withLock({ $0.projection != nil }) { try await self.followInTurn() }
        next.withLock { projection in
            for start in stride(from: 0, to: projection.count, by: 1_024) {
                self.state.withLock { state in
                    guard let known = state.projection else { return }
                    projection.keepTimes(from: known, of: start..<min(start + 1_024, projection.count))
                }
            }
            projection.finishLoading()
            var sums: [Int64: HourlyScores.Hour] = [:]
            for hour in snapshot.hours {
                sums[HourlyScores.hour(of: hour.hour)] = HourlyScores.Hour(sum: hour.sum, scores: hour.scores)
            }
            if let since, let hourly = self.state.withLock({ $0.projection?.hourly }) {
                projection.hourly = hourly
                projection.hourly.replace(from: HourlyScores.hour(of: since), with: sums)
            } else {
                projection.hourly.replace(from: Int64.min, with: sums)
            }
            self.metrics.size(projection)
            // Only the state holds the projection once this closure has ended.
            self.state.withLock { state in
                state.projection = projection
                state.cursor = snapshot.cursor
                state.hasGap = false
                state.loaded = snapshot.time
            }
        }
    }
}
