public import CoreMetrics
public import Logging
import Metrics

/// Keeps a slot's models those that an origin names.
///
/// Another bundle is loaded and checked beside the one that serves, which goes on meanwhile, and then takes its place
/// between two batches. A bundle that is refused changes nothing: the old model serves on, the health board says
/// `degraded`, and the refusal is counted once.
public actor ModelReloader {
    /// The result of a look at the origin.
    public enum Outcome: String, Hashable, Sendable, CaseIterable {
        /// The models are those that are wanted.
        case unchanged
        /// Other models were put in place.
        case swapped
        /// A bundle must not serve; what worked before works on.
        case refused
        /// The origin cannot be asked, or names no model yet.
        case unavailable
    }

    /// The component's name on the health board.
    public static let healthName = "model"

    private let origin: any ModelOrigin
    private let slot: ModelSlot
    private let health: HealthBoard
    private let logger: Logger
    private let counters: [Outcome: Counter]
    private let duration: Metrics.Timer
    private var current: WantedModels?
    private var loaded: [BundleReference: LoadedModel] = [:]
    /// The last refusal, so that a bundle is neither loaded nor counted at every look.
    private var refused: (bundle: BundleReference, error: any Error)?

    /// Creates a reloader; it checks its origin only on request.
    public init(
        origin: any ModelOrigin, slot: ModelSlot, health: HealthBoard = HealthBoard(),
        metrics: any MetricsFactory = MetricsSystem.factory, logger: Logger
    ) {
        self.origin = origin
        self.slot = slot
        self.health = health
        self.logger = logger
        self.counters = Dictionary(
            uniqueKeysWithValues: Outcome.allCases.filter { $0 != .unchanged }.map {
                ($0, Counter(label: "churn.model.reloads", dimensions: [("outcome", $0.rawValue)], factory: metrics))
            })
        self.duration = Timer(label: "churn.model.load.duration", factory: metrics)
    }

    /// Loads the first models, or says why they cannot be used.
    public func start() async throws {
        self.health.report(Self.healthName, .starting)
        do {
            guard let wanted = try await self.origin.wanted() else { return self.reportMissing() }
            _ = try await self.take(wanted)
        } catch {
            self.health.report(
                Self.healthName, .failing(reason: Self.reason(error), advice: Self.advice(error)),
                code: (error as? ChurnError)?.code)
            throw error
        }
    }

    /// Looks at the origin, and puts its models in place where they are others.
    ///
    /// Calls must follow one another; ``ModelFollower`` sees to it.
    ///
    /// - Parameter isForced: whether a bundle that was refused before is tried again.
    @discardableResult
    public func look(isForced: Bool = false) async -> Outcome {
        if isForced { self.refused = nil }
        let outcome: Outcome
        do {
            outcome = try await self.lookOnce()
        } catch {
            let isRefusal = (error as? ChurnError)?.code == .modelRefused
            outcome = isRefusal ? .refused : .unavailable
            self.report(error)
        }
        self.counters[outcome]?.increment()
        return outcome
    }

    private func lookOnce() async throws -> Outcome {
        guard let wanted = try await self.origin.wanted() else {
            guard self.slot.lineup == nil else {
                self.health.report(
                    Self.healthName,
                    .degraded(
                        reason: "no model is named any more; the one before serves on",
                        advice: "register one and promote it"), code: .noModel)
                return .unchanged
            }
            self.reportMissing()
            return .unavailable
        }
        if wanted == self.current {
            // What was refused before is not wanted any more.
            self.refused = nil
            self.health.report(Self.healthName, .healthy)
            return .unchanged
        }
        if let refused, refused.bundle == wanted.champion || refused.bundle == wanted.challenger {
            // Said and counted before; but what else is wanted must not wait for it.
            guard refused.bundle == wanted.challenger, wanted.champion != self.current?.champion else {
                // Also after a time in which the origin could not be asked.
                self.report(refused.error)
                return .unchanged
            }
        }
        return try await self.take(wanted)
    }

    /// Loads what is not loaded yet and fills the slot.
    private func take(_ wanted: WantedModels) async throws -> Outcome {
        let champion = try await self.model(wanted.champion)
        var challenger: LoadedModel?
        var fault: (any Error)?
        if let reference = wanted.challenger, reference != wanted.champion {
            do {
                challenger = try await self.model(reference)
            } catch {
                fault = error
            }
        }
        self.slot.replace(with: ModelLineup(champion: champion, challenger: challenger, canary: wanted.canary))
        self.loaded = self.loaded.filter { $0.key == wanted.champion || $0.key == wanted.challenger }
        self.logger.info(
            "The model serves",
            metadata: [
                "churn.model": "\(champion.identity.version)",
                "churn.challenger": "\(challenger?.identity.version ?? "none")",
                "churn.canary": "\(wanted.canary.share)",
            ])
        if let fault {
            // The champion is in place; only the challenger is still wanted.
            self.current = WantedModels(champion: wanted.champion)
            throw fault
        }
        self.current = wanted
        self.refused = nil
        self.health.report(Self.healthName, .healthy)
        return .swapped
    }

    private func model(_ reference: BundleReference) async throws -> LoadedModel {
        if let model = self.loaded[reference] { return model }
        let start = ContinuousClock.now
        do {
            let model = try await self.origin.load(reference)
            self.duration.record(duration: ContinuousClock.now - start)
            self.loaded[reference] = model
            return model
        } catch {
            if (error as? ChurnError)?.code == .modelRefused { self.refused = (reference, error) }
            throw error
        }
    }

    private func report(_ error: any Error) {
        let (reason, advice) = (Self.reason(error), Self.advice(error))
        self.health.report(
            Self.healthName,
            self.slot.lineup == nil
                ? .failing(reason: reason, advice: advice)
                : .degraded(reason: "\(reason); the model before it serves on", advice: advice),
            code: (error as? ChurnError)?.code)
    }

    private func reportMissing() {
        self.health.report(
            Self.healthName,
            .failing(reason: "no model was named yet", advice: "register one and promote it"), code: .noModel)
    }

    private static func reason(_ error: any Error) -> String {
        (error as? ChurnError)?.description ?? "the models' origin failed"
    }

    private static func advice(_ error: any Error) -> String { (error as? ChurnError)?.advice ?? "" }
}
