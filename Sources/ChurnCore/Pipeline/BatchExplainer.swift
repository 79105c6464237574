/// Explains the scores of a batch that people will ask about: alerts, and scores that moved far.
struct BatchExplainer: Sendable {
    /// A score with what is needed to explain it.
    struct Row: Sendable {
        /// The features before and after the event.
        var pair: FeaturePair
        /// Whether the two differ.
        var hasChanged: Bool
        /// The customer's last probability; nil before the first.
        var last: Double?
        /// Whether `last` is the score of `pair.before` by the same model, since this batch made it.
        var isLastOurs: Bool
        var probability: Double
        /// The model that made `probability`.
        var model: ModelIdentity
        var isAlert: Bool
        /// The origin of the score and of its reasons.
        var origin = ScoreOrigin.model
        /// The reasons that are known already.
        var known: [Reason]?

        /// Whether the score differs from the last.
        var hasMoved: Bool { self.last.map { $0 != self.probability } ?? false }
    }

    /// The explanation of a row.
    struct RowExplanation: Sendable {
        /// Whether the reasons were asked for.
        var isExplained = false
        var reasons: [Reason] = []
        var change: ScoreChange?
    }

    /// The number of reasons; 0 for no explanations at all.
    let limit: Int
    /// The least move of a score that is explained without being an alert.
    let leastMove: Double

    private func hasMovedFar(_ row: Row) -> Bool {
        row.hasMoved && row.last.map { abs($0 - row.probability) >= self.leastMove } ?? false
    }

    /// Explains what is worth it, in the rows' order; the others have neither reasons nor a change.
    ///
    /// Each row is explained by the model that scored it.
    func explain(_ rows: [Row], by lineup: ModelLineup) async throws -> [RowExplanation] {
        var results = Array(repeating: RowExplanation(), count: rows.count)
        guard self.limit > 0 else { return results }
        let asked = rows.indices.filter { rows[$0].isAlert || self.hasMovedFar(rows[$0]) }
        for (model, asked) in Dictionary(grouping: asked, by: { rows[$0].model }) {
            let served = lineup.champion.identity == model ? lineup.champion : lineup.challenger ?? lineup.champion
            try await self.explain(rows, asked, by: served.predictor, into: &results)
        }
        return results
    }

    private func explain(
        _ rows: [Row], _ asked: [Int], by predictor: any Predictor, into results: inout [RowExplanation]
    ) async throws {
        guard let explainer = predictor.explainer else { return }
        // Rows of the same features are explained once.
        let made = Set(asked.filter { rows[$0].known == nil }.map { Self.explained(by: $0, rows) }).sorted()
        let explanations = try await explainer.explain(made.map { rows[$0].pair.after })
        try Self.require(explanations.count == made.count)
        let byRow = Dictionary(uniqueKeysWithValues: zip(made, explanations))
        for index in asked {
            results[index].isExplained = true
            results[index].reasons =
                rows[index].known ?? byRow[Self.explained(by: index, rows)]?.reasons(limit: self.limit) ?? []
        }
        let comparable = try await self.comparable(rows, asked, by: predictor)
        let differences = try await explainer.differences(comparable.map { rows[$0].pair })
        try Self.require(differences.count == comparable.count)
        for index in asked where rows[index].hasMoved {
            results[index].change = ScoreChange(
                fromProbability: rows[index].last ?? 0, toProbability: rows[index].probability, split: nil)
        }
        for (index, contributions) in zip(comparable, differences) {
            results[index].change?.split = ScoreChange.Split(
                toMargin: byRow[Self.explained(by: index, rows)]?.margin ?? 0, contributions: contributions,
                changed: Self.changed(rows[index].pair))
        }
    }

    /// The row whose explanation is this row's.
    private static func explained(by index: Int, _ rows: [Row]) -> Int {
        if case .row(let first) = rows[index].origin { first } else { index }
    }

    /// The rows that moved and whose last score this model gives to the features before the event, too.
    ///
    /// Where it does not, another model made the last score, or another program changed the customer since.
    private func comparable(_ rows: [Row], _ asked: [Int], by predictor: any Predictor) async throws -> [Int] {
        let moved = asked.filter { rows[$0].hasMoved && rows[$0].hasChanged }
        let unsure = moved.filter { !rows[$0].isLastOurs }
        let before = try await unsure.isEmpty ? [] : predictor.predict(unsure.map { rows[$0].pair.before })
        let other = Set(zip(unsure, before).filter { rows[$0].last != $1 }.map(\.0))
        return moved.filter { !other.contains($0) }
    }

    private static func changed(_ pair: FeaturePair) -> [ChangedFeature] {
        pair.after.indices.filter { pair.before[$0] != pair.after[$0] }
            .map { ChangedFeature(feature: $0, from: pair.before[$0], to: pair.after[$0]) }
    }

    private static func require(_ isAsPromised: Bool) throws {
        guard !isAsPromised else { return }
        throw ChurnError(
            .predictionFailed, .fatal, during: "explain a batch",
            advice: "the explainer broke its promise of one explanation for each row")
    }
}

extension Prediction {
    /// Takes up its explanation.
    mutating func take(_ explanation: BatchExplainer.RowExplanation) {
        self.reasons = explanation.reasons
        self.change = explanation.change
    }
}
