import ChurnCore
import ChurnMemory

/// One process of a simulation: a pipeline with a source of its own over the store and the log that all share.
///
/// Killing it makes every call that it begins or ends fail from then on; stopping it makes them wait. What it had handed
/// to the store before may still be written, as with a real process.
final class SimulatedProcess: Sendable {
    /// The error that calls of a dead process throw.
    struct Killed: Error {}

    private enum Life { case running, stopped, dead }

    private struct State {
        var life = Life.running
        var waiting: [CheckedContinuation<Void, Never>] = []
        var obituary: CheckedContinuation<Void, Never>?
        /// The call at which the process dies by itself.
        var fate: (seam: Seam, hasReturned: Bool)?
    }

    let source: InMemoryEventSource
    private let state = Locked(State())

    init(source: InMemoryEventSource) { self.source = source }

    var isDead: Bool { self.state.withLock { $0.life == .dead } }

    /// Marks the beginning and the end of every call of the process.
    func checkpoint(_ seam: Seam, _ hasReturned: Bool) async throws {
        let isFate = self.state.withLock { state in
            state.fate.map { $0.seam == seam && $0.hasReturned == hasReturned } ?? false
        }
        if isFate { self.kill() }
        // A process that stops while it scores inside a write transaction would keep all others waiting.
        if seam != .predict { await self.waitWhileStopped() }
        if self.isDead { throw Killed() }
    }

    /// Dies at the next such call, or at once where there is none.
    func kill(at fate: (seam: Seam, hasReturned: Bool)? = nil) {
        if let fate { return self.state.withLock { $0.fate = fate } }
        let (waiting, obituary) = self.state.withLock { state in
            state.life = .dead
            defer { (state.waiting, state.obituary) = ([], nil) }
            return (state.waiting, state.obituary)
        }
        for continuation in waiting { continuation.resume() }
        obituary?.resume()
    }

    /// Stops, as by SIGSTOP.
    func stop() { self.state.withLock { if $0.life == .running { $0.life = .stopped } } }

    /// Goes on after a stop.
    func goOn() {
        let waiting = self.state.withLock { state -> [CheckedContinuation<Void, Never>] in
            guard state.life == .stopped else { return [] }
            state.life = .running
            defer { state.waiting = [] }
            return state.waiting
        }
        for continuation in waiting { continuation.resume() }
    }

    /// Runs a pipeline until it ends or the process is killed.
    ///
    /// - Returns: the error with which the pipeline stopped by itself.
    func run(_ pipeline: Pipeline) async -> (any Error)? {
        await withTaskGroup(of: (any Error)?.self) { group in
            group.addTask {
                do {
                    try await pipeline.run()
                    return nil
                } catch {
                    return error
                }
            }
            group.addTask {
                await self.death()
                return nil
            }
            let first = await group.next() ?? nil
            let wasKilled = self.isDead
            self.kill()
            group.cancelAll()
            return wasKilled ? nil : first
        }
    }

    private func death() async {
        await withCheckedContinuation { continuation in
            let isDead = self.state.withLock { state in
                if state.life != .dead { state.obituary = continuation }
                return state.life == .dead
            }
            if isDead { continuation.resume() }
        }
    }

    private func waitWhileStopped() async {
        await withCheckedContinuation { continuation in
            let goesOn = self.state.withLock { state in
                if state.life == .stopped { state.waiting.append(continuation) }
                return state.life != .stopped
            }
            if goesOn { continuation.resume() }
        }
    }
}

/// Passes everything on to a source and checks that only stored progress is reported to the transport.
struct WatchedSource: EventSource {
    let base: any EventSource
    let store: InMemoryStore
    let findings: SimulationFindings

    func start(positions: any PositionStore) async throws { try await self.base.start(positions: positions) }
    func nextBatch() async throws -> EventBatch? { try await self.base.nextBatch() }
    func restart(_ partitions: Set<StreamPartition>) async throws { try await self.base.restart(partitions) }

    func commit(_ ranges: [OffsetRange]) async {
        for range in ranges {
            let number = range.partition.partition
            let stored = try? await self.store.positions(of: range.partition.stream.name, partitions: [number])
            let next = stored?.stored[number]?.nextOffset ?? 0
            if next < range.to {
                self.findings.add(.commits, "partition \(number) was committed up to \(range.to), stored is \(next)")
            }
        }
        await self.base.commit(ranges)
    }
}

/// Collects what a simulation finds wrong while it runs.
final class SimulationFindings: Sendable {
    private let found = Locked<[SimulationViolation]>([])
    var violations: [SimulationViolation] { self.found.withLock { $0 } }
    func add(_ check: SimulationViolation.Check, _ message: String) {
        self.found.withLock { $0.append(SimulationViolation(check: check, message: message)) }
    }
}
