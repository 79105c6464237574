public import ChurnCore

/// A predictor that fails, is late, and refuses the rows that it is set to refuse.
public struct FaultyPredictor: Predictor {
    private let base: any Predictor
    private let injector: FaultInjector
    private let refuses: (@Sendable ([FeatureValue]) -> Bool)?

    /// Decorates a predictor.
    ///
    /// - Parameters:
    ///   - base: the predictor that works.
    ///   - injector: decides what goes wrong.
    ///   - refuses: rows that the predictor refuses, and with each the whole batch.
    public init(
        _ base: any Predictor, injector: FaultInjector, refuses: (@Sendable ([FeatureValue]) -> Bool)? = nil
    ) {
        self.base = base
        self.injector = injector
        self.refuses = refuses
    }

    /// The base's model.
    public var model: ModelIdentity { self.base.model }

    /// The base's explainer, which does not fail.
    public var explainer: (any Explainer)? { self.base.explainer }

    /// The base's scores.
    public func predict(_ rows: [[FeatureValue]]) async throws -> [Double] {
        let fault = try await self.injector.begin(.predict)
        if let refuses, rows.contains(where: refuses) {
            throw ChurnError(
                .predictionFailed, .reject, during: "an injected fault",
                advice: "the predictor was set to refuse this row")
        }
        let scores = try await self.base.predict(rows)
        try await self.injector.end(.predict, fault)
        return scores
    }
}
