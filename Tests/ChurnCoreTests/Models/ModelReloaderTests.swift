import ChurnCore
import ChurnTesting
import Logging
import Testing

/// An origin that names what a test says and counts how often a bundle is loaded.
private final class ScriptedOrigin: ModelOrigin {
    struct State {
        var wanted: WantedModels?
        var refused: Set<String> = []
        var isDown = false
        var loads = 0
    }
    let state = Locked(State())

    func wanted() async throws -> WantedModels? {
        try self.state.withLock { state in
            if state.isDown { throw ChurnError(.storeUnavailable, .retry, during: "test") }
            return state.wanted
        }
    }

    func load(_ bundle: BundleReference) async throws -> LoadedModel {
        try self.state.withLock { state in
            state.loads += 1
            guard !state.refused.contains(bundle.digest) else {
                throw ChurnError(.modelRefused, .fatal, during: "load a model", advice: "it is damaged")
            }
        }
        return LoadedModel(predictor: ConstantPredictor(bundle.digest))
    }

    func want(_ champion: String, _ challenger: String? = nil, _ canary: Double = 0) {
        self.state.withLock {
            $0.wanted = WantedModels(
                champion: BundleReference(digest: champion),
                challenger: challenger.map { BundleReference(digest: $0) }, canary: CanaryShare(canary))
        }
    }
}

@Suite("A reloader of models", .timeLimit(.minutes(2))) struct ModelReloaderTests {
    private let origin = ScriptedOrigin()
    private let slot = ModelSlot()
    private let health = HealthBoard()
    private let reloader: ModelReloader

    init() {
        self.reloader = ModelReloader(
            origin: self.origin, slot: self.slot, health: self.health,
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
    }

    private var versions: [String?] {
        [self.slot.lineup?.champion.identity.version, self.slot.lineup?.challenger?.identity.version]
    }

    @Test("loads what is wanted, once, and changes when something else is wanted")
    func swaps() async throws {
        self.origin.want("a")
        try await self.reloader.start()
        #expect(self.versions == ["a", nil])
        #expect(await self.reloader.look() == .unchanged)
        self.origin.want("b", "a", 0.1)
        #expect(await self.reloader.look() == .swapped)
        #expect(self.versions == ["b", "a"])
        #expect(self.slot.lineup?.canary == CanaryShare(0.1))
        #expect(self.origin.state.withLock { $0.loads } == 2)
        #expect(self.health.all == ["model": .healthy])
    }

    @Test("keeps the old model where the new one is refused, says so, and stays ready")
    func refusal() async throws {
        self.origin.want("a")
        try await self.reloader.start()
        self.origin.state.withLock { $0.refused = ["b"] }
        self.origin.want("b")
        #expect(await self.reloader.look() == .refused)
        #expect(self.versions == ["a", nil])
        #expect(self.health.isReady)
        guard case .degraded(_, let advice)? = self.health.all["model"] else {
            Issue.record("the health board does not say so")
            return
        }
        #expect(advice == "it is damaged")
        // It is neither loaded nor counted again, until it is asked for.
        let loads = self.origin.state.withLock { $0.loads }
        #expect(await self.reloader.look() == .unchanged)
        #expect(self.origin.state.withLock { $0.loads } == loads)
        self.origin.state.withLock { $0.refused = [] }
        #expect(await self.reloader.look(isForced: true) == .swapped)
        #expect(self.versions == ["b", nil])
        #expect(self.health.all == ["model": .healthy])
    }

    @Test("is content again when the refused bundle is no longer wanted")
    func withdrawn() async throws {
        self.origin.want("a")
        try await self.reloader.start()
        self.origin.state.withLock { $0.refused = ["b"] }
        self.origin.want("b")
        await self.reloader.look()
        self.origin.want("a")
        await self.reloader.look()
        #expect(self.health.all == ["model": .healthy])
        #expect(self.versions == ["a", nil])
    }

    @Test("puts a new champion in place where its challenger is refused")
    func challenger() async throws {
        self.origin.want("a")
        try await self.reloader.start()
        self.origin.state.withLock { $0.refused = ["x"] }
        self.origin.want("b", "x", 0.5)
        #expect(await self.reloader.look() == .refused)
        #expect(self.versions == ["b", nil])
        #expect(self.health.isReady)
        #expect(await self.reloader.look() == .unchanged)
        self.origin.want("c", "x", 0.5)
        #expect(await self.reloader.look() == .refused)
        #expect(self.versions == ["c", nil])
    }

    @Test("works on while the origin does not answer")
    func outage() async throws {
        self.origin.want("a")
        try await self.reloader.start()
        self.origin.state.withLock { $0.isDown = true }
        #expect(await self.reloader.look() == .unavailable)
        #expect(self.versions == ["a", nil])
        #expect(self.health.isReady)
        self.origin.state.withLock { $0.isDown = false }
        await self.reloader.look()
        #expect(self.health.all == ["model": .healthy])
    }

    @Test("is not ready before there is a model, and is when one is named")
    func first() async throws {
        try await self.reloader.start()
        #expect(!self.health.isReady)
        #expect(self.versions == [nil, nil])
        #expect(throws: ChurnError.self) { try self.slot.requireLineup() }
        self.origin.want("a")
        #expect(await self.reloader.look() == .swapped)
        #expect(self.health.isReady)
    }

    @Test("does not start with a model that is refused")
    func start() async throws {
        self.origin.state.withLock { $0.refused = ["a"] }
        self.origin.want("a")
        await #expect(throws: ChurnError.self) { try await self.reloader.start() }
        #expect(!self.health.isReady)
    }

    @Test("looks at its interval, and at once on a wake")
    func follower() async throws {
        self.origin.want("a")
        try await self.reloader.start()
        let clock = ManualClock()
        let follower = ModelFollower(reloader: self.reloader, interval: .seconds(5), clock: clock)
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await follower.run() }
            await clock.waitForSleepers()
            self.origin.want("b")
            clock.advance(by: .seconds(5))
            while self.versions != ["b", nil] { try await Task.sleep(for: .milliseconds(1)) }
            self.origin.want("c")
            follower.wake()
            while self.versions != ["c", nil] { try await Task.sleep(for: .milliseconds(1)) }
            group.cancelAll()
        }
    }

    @Test("says again why a bundle is refused after the origin was away")
    func refusedAfterOutage() async throws {
        self.origin.want("a")
        try await self.reloader.start()
        self.origin.state.withLock { $0.refused = ["b"] }
        self.origin.want("b")
        await self.reloader.look()
        let refusal = self.health.all["model"]
        self.origin.state.withLock { $0.isDown = true }
        await self.reloader.look()
        #expect(self.health.all["model"] != refusal)
        self.origin.state.withLock { $0.isDown = false }
        await self.reloader.look()
        #expect(self.health.all["model"] == refusal)
        #expect(self.health.isReady)
    }

    @Test("is degraded, not stuck in an old fault, where no model is named any more")
    func unnamed() async throws {
        self.origin.want("a")
        try await self.reloader.start()
        self.origin.state.withLock { ($0.isDown, $0.wanted) = (true, nil) }
        await self.reloader.look()
        self.origin.state.withLock { $0.isDown = false }
        #expect(await self.reloader.look() == .unchanged)
        #expect(self.health.all["model"]?.reason?.contains("no model is named") == true)
        #expect(self.health.isReady && self.versions == ["a", nil])
    }
}
