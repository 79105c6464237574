import ChurnCore
import Hummingbird

/// `POST /api/score`: the score that customers have, or would have with other features; nothing is stored.
///
/// A customer of the canary is scored by the challenger, as its events are; features alone by the champion.
struct ScoreRoute: EndpointGroup {
    let dependencies: APIDependencies

    /// A line of the answer; without a score where there is no such customer.
    private struct Row {
        var customerID: String?
        var score: ServedScore?
    }

    private struct Answer {
        /// The champion's.
        var version: String
        var rows: [Row]
    }

    private static func answer(_ bands: RiskBands) -> Shape<Answer> {
        Shape<Answer>([
            Field("model_version", "The champion; each line names its own model.") { $0.version },
            Field("scores", self.row(bands), list: { $0.rows }),
        ])
    }

    private static func row(_ bands: RiskBands) -> Shape<Row> {
        let unknown = Problem.customerNotFound.code
        return Shape<Row>(
            "Score",
            [
                Field("customer_id") { $0.customerID },
                Field("churn_probability", schema: .probability.orNull()) { $0.score?.probability },
                Field("churn_risk") { row in row.score.map { bands.band(of: $0.probability) } },
                Field("model_version", "The model that scored: of a canary's customer the challenger.") {
                    $0.score?.model.version
                },
                Field("error", schema: Schema.choice([unknown]).orNull()) { row -> String? in
                    row.score == nil ? unknown : nil
                },
            ])
    }

    var endpoints: [Endpoint] {
        let domain = self.dependencies.domain
        let answer = Self.answer(domain.bands)
        return [
            Endpoint(
                .post, "/api/score", .scoring, id: "score", .scoring, "Score customers, or features",
                notes: """
                    Nothing is stored. A single unknown customer is 404; one of several has an error in its line. A \
                    feature that is not given is missing.
                    """,
                refusesOtherParameters: true, body: ScoreForm.schema(domain),
                answers: [
                    .ok("A line for each customer, in the order of the request.", answer.schema), .customerNotFound,
                    .unavailable,
                ]
            ) { request, _ in
                let members = try await request.jsonObject(limit: self.dependencies.limits.maximumBodyBytes)
                let form = try ScoreForm(members, schema: domain.schema)
                guard let lineup = self.dependencies.queries.models.lineup else { throw Problem.noModel }
                let rows = try await self.score(form, by: lineup)
                return answer.response(Answer(version: lineup.champion.identity.version, rows: rows))
            }
        ]
    }

    private func score(_ form: ScoreForm, by lineup: ModelLineup) async throws -> [Row] {
        switch form {
        case .features(let rows):
            return try await self.scores { try await lineup.champion.scores(of: rows) }
                .map { Row(customerID: nil, score: $0) }
        case .customers(let ids, let isOne):
            let states = try await self.dependencies.ask { try await $0.states.states(inOrderOf: ids) }
            let known = states.compactMap { state in state.map { (customerID: $0.id, features: $0.features) } }
            if isOne, known.isEmpty { throw Problem.customerNotFound }
            let fallbacks = self.dependencies.canaryFallbacks
            let scores = try await self.scores { try await lineup.scores(of: known, fallback: fallbacks.count) }
            var rest = scores.makeIterator()
            return zip(ids, states).map { id, state in Row(customerID: id, score: state == nil ? nil : rest.next()) }
        }
    }

    private func scores(_ predict: @Sendable @escaping () async throws -> [ServedScore]) async throws -> [ServedScore] {
        do {
            return try await self.dependencies.ask { _ in try await predict() }
        } catch let error where error.failureDisposition == .reject {
            throw Problem.notScorable
        }
    }
}
