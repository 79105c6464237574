/// The models that work together at one moment: taken once for each batch or request and kept until it is done.
public struct ModelLineup: Sendable {
    /// Serves, but for the canary's customers.
    public var champion: LoadedModel
    /// Scores in the shadow, and serves the canary's customers; nil for none.
    public var challenger: LoadedModel?
    /// The customers that the challenger serves.
    public var canary: CanaryShare

    /// Creates a lineup; without more, one model serves all customers.
    public init(champion: LoadedModel, challenger: LoadedModel? = nil, canary: CanaryShare = .none) {
        self.champion = champion
        self.challenger = challenger
        self.canary = canary
    }

    /// The model that serves a customer.
    public func model(for customerID: String) -> LoadedModel {
        guard let challenger, self.canary.contains(customerID) else { return self.champion }
        return challenger
    }
}

/// The assignment of customers to models, by name.
///
/// A model with all that hangs on it is expensive to copy for every event.
struct ServingModels: Sendable {
    fileprivate let champion: ModelIdentity
    fileprivate let challenger: ModelIdentity?
    fileprivate let canary: CanaryShare

    /// The model that serves a customer.
    func model(for customerID: String) -> ModelIdentity {
        guard let challenger, self.canary.contains(customerID) else { return self.champion }
        return challenger
    }
}

extension ModelLineup {
    /// The models' names.
    var identities: ServingModels {
        ServingModels(
            champion: self.champion.identity, challenger: self.challenger?.identity, canary: self.canary)
    }
}

/// A score with the model that made it.
package struct ServedScore: Sendable {
    /// The churn probability.
    package var probability: Double
    /// The model.
    package var model: ModelIdentity
}

extension ModelLineup {
    /// Scores customers, each with the model that serves it.
    ///
    /// A challenger that fails, or gives no probabilities, has its customers scored by the champion: a canary must not
    /// cost a batch.
    ///
    /// - Parameter fallback: called where that happened, with the number of customers.
    package func scores(
        of rows: [(customerID: String, features: [FeatureValue])], fallback: (Int) -> Void
    ) async throws -> [ServedScore] {
        guard !rows.isEmpty else { return [] }
        let canary =
            self.challenger == nil || self.canary == .none
            ? [] : rows.indices.filter { self.canary.contains(rows[$0].customerID) }
        guard let challenger, !canary.isEmpty else {
            return try await self.champion.scores(of: rows.map(\.features))
        }
        do {
            let theirs = try await challenger.scores(of: canary.map { rows[$0].features })
            let isCanary = Set(canary)
            let others = rows.indices.filter { !isCanary.contains($0) }
            let ours = try await self.champion.scores(of: others.map { rows[$0].features })
            var scores = Array(
                repeating: ServedScore(probability: 0, model: self.champion.identity), count: rows.count)
            for (index, score) in zip(canary, theirs) { scores[index] = score }
            for (index, score) in zip(others, ours) { scores[index] = score }
            return scores
        } catch let error where !(error is CancellationError) {
            fallback(canary.count)
            return try await self.champion.scores(of: rows.map(\.features))
        }
    }
}

extension LoadedModel {
    /// Scores rows, and checks what the predictor promises.
    package func scores(of rows: [[FeatureValue]]) async throws -> [ServedScore] {
        guard !rows.isEmpty else { return [] }
        let probabilities = try await self.predictor.predict(rows)
        guard probabilities.count == rows.count else {
            throw ChurnError(
                .predictionFailed, .fatal, during: "score a batch",
                advice: "the predictor returned \(probabilities.count) scores for \(rows.count) rows")
        }
        guard probabilities.allSatisfy({ $0 >= 0 && $0 <= 1 }) else {
            throw ChurnError(
                .predictionFailed, .reject, during: "score a batch",
                advice: "the predictor returned a score outside 0...1")
        }
        let identity = self.identity
        return probabilities.map { ServedScore(probability: $0, model: identity) }
    }
}
