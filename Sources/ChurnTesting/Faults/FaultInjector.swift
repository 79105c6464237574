import ChurnCore

/// Counts the calls on every seam and decides by a ``FaultPlan`` which go wrong.
///
/// One injector serves many decorators.
public final class FaultInjector: Sendable {
    /// Called when a call begins and when it has returned; may wait, and may throw in the call's place.
    public typealias Checkpoint = @Sendable (Seam, _ hasReturned: Bool) async throws -> Void

    private struct State {
        var random: SeededRandom
        var calls: [Seam: Int] = [:]
        var injected: [Seam: Int] = [:]
        var isQuiet = false
    }

    private let plan: FaultPlan
    private let clock: any Clock<Duration>
    private let longestDelay: Duration
    private let checkpoint: Checkpoint?
    private let state: Locked<State>

    /// Creates an injector.
    ///
    /// - Parameters:
    ///   - plan: which calls go wrong.
    ///   - clock: measures delays.
    ///   - longestDelay: the longest delay of a call.
    ///   - checkpoint: called when a call begins and when it has returned.
    public init(
        _ plan: FaultPlan, clock: any Clock<Duration> = ContinuousClock(), longestDelay: Duration = .milliseconds(50),
        checkpoint: Checkpoint? = nil
    ) {
        self.plan = plan
        self.clock = clock
        self.longestDelay = longestDelay
        self.checkpoint = checkpoint
        let seed: UInt64 = if case .seeded(let seed, _) = plan.kind { seed } else { 0 }
        self.state = Locked(State(random: SeededRandom(seed: seed)))
    }

    /// Returns the number of calls on a seam so far.
    public func calls(on seam: Seam) -> Int { self.state.withLock { $0.calls[seam] ?? 0 } }

    /// Returns the number of calls on a seam that went wrong so far.
    public func faults(on seam: Seam) -> Int { self.state.withLock { $0.injected[seam] ?? 0 } }

    /// The number of calls that went wrong so far.
    public var faultCount: Int { self.state.withLock { $0.injected.values.reduce(0, +) } }

    /// From now on nothing goes wrong any more.
    public func quieten() { self.state.withLock { $0.isQuiet = true } }

    /// Counts a call and decides what goes wrong with it; for seams that cannot wait.
    public func draw(at seam: Seam) -> Fault? {
        self.state.withLock { state in
            let call = (state.calls[seam] ?? 0) + 1
            state.calls[seam] = call
            guard !state.isQuiet, let fault = self.fault(at: seam, call: call, &state.random) else { return nil }
            state.injected[seam, default: 0] += 1
            return fault
        }
    }

    /// Counts a call, waits or fails where the plan says so, and returns what else goes wrong with it.
    public func begin(_ seam: Seam) async throws -> Fault? {
        try await self.checkpoint?(seam, false)
        let fault = self.draw(at: seam)
        if fault == .fail { throw Self.failure(at: seam) }
        if fault == .delay { try await self.delay() }
        return fault
    }

    /// Ends a call that has done its work; fails where the plan says that its caller does not learn so.
    public func end(_ seam: Seam, _ fault: Fault?) async throws {
        try await self.checkpoint?(seam, true)
        if fault == .failAfter {
            throw ChurnError(
                .commitOutcomeUnknown, .retry, during: "an injected fault",
                advice: "the call has done its work; its caller is not informed")
        }
    }

    private func delay() async throws {
        let share = self.state.withLock { $0.random.uniform() }
        try await self.clock.sleep(for: self.longestDelay * share)
    }

    private func fault(at seam: Seam, call: Int, _ random: inout SeededRandom) -> Fault? {
        switch self.plan.kind {
        case .none: return nil
        case .single(let fault, seam, call): return fault
        case .every(let fault, seam): return fault
        case .single, .every: return nil
        case .seeded(_, let rate):
            guard random.chance(rate) else { return nil }
            return seam.faults[random.index(below: seam.faults.count)]
        }
    }

    private static func failure(at seam: Seam) -> ChurnError {
        let advice = "nothing happened; the next call may succeed"
        return switch seam {
        case .sourceStart, .sourceNext, .sourceRestart, .sourceCommit:
            ChurnError(.sourceUnavailable, .retry, during: "an injected fault", advice: advice)
        case .predict: ChurnError(.predictionFailed, .retry, during: "an injected fault", advice: advice)
        default: ChurnError(.storeUnavailable, .retry, during: "an injected fault", advice: advice)
        }
    }
}
