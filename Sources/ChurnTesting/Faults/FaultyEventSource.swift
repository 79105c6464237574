public import ChurnCore

/// An event source that fails, is late, and delivers batches twice or out of order.
///
/// Batches that come twice or out of order break the source's contract on purpose: they stand for stale prefetches,
/// which the sink's fence must stop. A partition whose progress the sink has never confirmed is left alone, since a
/// sink accepts any beginning of a partition that it does not know.
public final class FaultyEventSource: EventSource {
    private struct State {
        var confirmed: Set<StreamPartition> = []
        /// Batches that are delivered before the base is asked again.
        var late: [EventBatch] = []
    }

    private let base: any EventSource
    private let injector: FaultInjector
    private let clock: any Clock<Duration>
    private let patience: Duration
    private let state = Locked(State())

    /// Decorates a source.
    ///
    /// - Parameters:
    ///   - base: the source that works.
    ///   - injector: decides what goes wrong.
    ///   - clock: measures how long a batch that is to come late waits for another to overtake it.
    ///   - patience: how long that is.
    public init(
        _ base: any EventSource, injector: FaultInjector, clock: any Clock<Duration> = ContinuousClock(),
        patience: Duration = .milliseconds(20)
    ) {
        self.base = base
        self.injector = injector
        self.clock = clock
        self.patience = patience
    }

    /// Begins to read.
    public func start(positions: any PositionStore) async throws {
        let fault = try await self.injector.begin(.sourceStart)
        try await self.base.start(positions: positions)
        try await self.injector.end(.sourceStart, fault)
    }

    /// The base's next batch, or one that was held back.
    public func nextBatch() async throws -> EventBatch? {
        let fault = try await self.injector.begin(.sourceNext)
        if let late = self.state.withLock({ $0.late.isEmpty ? nil : $0.late.removeFirst() }) { return late }
        guard let batch = try await self.base.nextBatch() else { return nil }
        let isConfirmed = self.state.withLock { state in
            batch.ranges.allSatisfy { state.confirmed.contains($0.partition) }
        }
        if fault == .duplicate, isConfirmed { self.state.withLock { $0.late.append(batch) } }
        if fault == .reorder, isConfirmed, let next = await self.overtaker() {
            self.state.withLock { $0.late.append(batch) }
            return next
        }
        // Waiting here would lose the batch if the wait were cancelled, so there is no checkpoint after the pull.
        return batch
    }

    /// Passes the call on; batches that are held back stay, as a stale prefetch would.
    public func restart(_ partitions: Set<StreamPartition>) async throws {
        let fault = try await self.injector.begin(.sourceRestart)
        try await self.base.restart(partitions)
        try await self.injector.end(.sourceRestart, fault)
    }

    /// Passes the hint on, late or not at all where the plan says so.
    public func commit(_ ranges: [OffsetRange]) async {
        self.state.withLock { $0.confirmed.formUnion(ranges.map(\.partition)) }
        guard let fault = try? await self.injector.begin(.sourceCommit) else { return await self.base.commit(ranges) }
        if fault != .lose { await self.base.commit(ranges) }
    }

    /// The next batch, if one comes soon; whichever of wait and pull is cancelled loses nothing.
    private func overtaker() async -> EventBatch? {
        await withTaskGroup(of: EventBatch?.self) { group in
            group.addTask { try? await self.base.nextBatch() }
            group.addTask {
                try? await self.clock.sleep(for: self.patience)
                return nil
            }
            var next: EventBatch?
            while let result = await group.next() {
                next = next ?? result
                group.cancelAll()
            }
            return next
        }
    }
}
