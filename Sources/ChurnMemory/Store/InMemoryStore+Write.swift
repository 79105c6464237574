public import ChurnCore

extension InMemoryStore {
    /// Reserves successive event numbers and returns the first.
    public func reserveEventIDs(_ count: Int) async throws -> Int64 {
        self.tables.withLock { tables in
            let first = tables.nextEventID
            tables.nextEventID += Int64(max(0, count))
            return first
        }
    }

    /// Those of `keys` that an accepted event already used.
    public func accepted(_ keys: [SourceEventKey]) async throws -> Set<SourceEventKey> {
        let now = self.now()
        return self.tables.withLock { $0.accepted(keys, now: now) }
    }

    /// Writes a batch where its ranges and versions are current.
    public func write(_ batch: ScoredBatch) async throws -> WriteOutcome {
        if let refusal = try await self.commit(batch) { return refusal }
        try await self.failpoints.reach(.afterCommit)
        return .written
    }

    /// Writes a batch that `fold` makes while no other writer can change anything.
    public func write(
        ranges: [OffsetRange], customers: [String], keys: [SourceEventKey],
        fold: @Sendable (LockedStates) async throws -> ScoredBatch
    ) async throws -> WriteOutcome {
        if let refusal = try await self.commit(ranges: ranges, customers: customers, keys: keys, fold: fold) {
            return refusal
        }
        try await self.failpoints.reach(.afterCommit)
        return .written
    }

    /// Makes a writer the one whose turn it is, unless another one has it.
    public func claimTurn(_ holder: String, for duration: Duration) async throws -> Bool {
        let now = self.now()
        return self.tables.withLock { tables in
            if let turn = tables.turn, turn.holder != holder, turn.end > now { return false }
            tables.turn = (holder, now.advanced(by: duration))
            return true
        }
    }

    /// Ends a writer's turn, if it has it.
    public func endTurn(_ holder: String) async throws {
        self.tables.withLock { if $0.turn?.holder == holder { $0.turn = nil } }
    }

    /// Returns nil when the batch was written.
    private func commit(_ batch: ScoredBatch) async throws -> WriteOutcome? {
        await self.writers.enter()
        defer { self.writers.leave() }
        return try await self.checkAndApply(batch)
    }

    private func commit(
        ranges: [OffsetRange], customers: [String], keys: [SourceEventKey],
        fold: @Sendable (LockedStates) async throws -> ScoredBatch
    ) async throws -> WriteOutcome? {
        await self.writers.enter()
        defer { self.writers.leave() }
        let now = self.now()
        let (fenced, locked) = self.tables.withLock { tables in
            (
                tables.fence(ranges),
                LockedStates(
                    states: tables.states(for: customers), accepted: tables.accepted(keys, now: now))
            )
        }
        if let fenced { return fenced }
        let outcome = try await self.checkAndApply(fold(locked))
        if case .conflicted = outcome {
            throw ChurnError(
                .internalError, .fatal, during: "locked write",
                advice: "the fold changed a customer or accepted a source event that it had not locked")
        }
        return outcome
    }

    /// Called with the writers' section entered, so that nothing moves between the check and the change.
    private func checkAndApply(_ batch: ScoredBatch) async throws -> WriteOutcome? {
        let now = self.now()
        let refusal = self.tables.withLock { tables -> WriteOutcome? in
            if let fenced = tables.fence(batch.ranges) ?? tables.fenceContents(of: batch) { return fenced }
            return tables.isConflicted(batch, now: now) ? .conflicted : nil
        }
        if let refusal { return refusal }
        try await self.failpoints.reach(.beforeCommit)
        self.tables.withLock { tables in
            let applied = tables.apply(batch, now: now)
            self.onChange?(.batch(applied))
        }
        return nil
    }
}
