/// The models that work in a process: pipeline and serving side read them, a reload replaces them.
///
/// Thread-safe. A pipeline looks once for each batch that it takes from its source and keeps what it found through all
/// retries, so that a swap falls between two batches. A request looks once, too.
public final class ModelSlot: Sendable {
    private let stored: Locked<ModelLineup?>

    /// Creates a slot.
    ///
    /// - Parameter lineup: nil while there is no model yet; the process can serve, but cannot score.
    public init(_ lineup: ModelLineup? = nil) { self.stored = Locked(lineup) }

    /// Creates a slot with one model that serves all customers.
    public convenience init(_ predictor: any Predictor) {
        self.init(ModelLineup(champion: LoadedModel(predictor: predictor)))
    }

    /// The models of this moment; nil where there is none yet.
    public var lineup: ModelLineup? { self.stored.withLock { $0 } }

    /// The models of this moment.
    ///
    /// - Throws: an error of disposition `retry` where there is none yet, so that a pipeline waits for its first.
    public func requireLineup() throws -> ModelLineup {
        guard let lineup = self.lineup else {
            throw ChurnError(
                .predictionFailed, .retry, during: "choose a model",
                advice: "no model is loaded yet; register and promote one, or name a bundle")
        }
        return lineup
    }

    /// Puts other models in place; who has the old ones finishes with them.
    public func replace(with lineup: ModelLineup) { self.stored.withLock { $0 = lineup } }
}
