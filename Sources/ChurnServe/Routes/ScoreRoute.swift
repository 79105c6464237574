import ChurnCore
import Hummingbird

/// `POST /api/score`: the score that customers have, or would have with other features; nothing is stored.
struct ScoreRoute {
    let parts: RestParts

    /// A line of the answer; without a score where there is no such customer.
    private struct Row {
        var customerID: String?
        var probability: Double?
    }

    func add(to router: Router<ServeContext>) {
        router.post("/api/score") { request, _ in
            try request.parameters().allowOnly([])
            let members = try await request.jsonObject(most: self.parts.limits.maximumBodyBytes)
            let form = try ScoreForm(members, schema: self.parts.domain.schema)
            guard let predictor = self.parts.queries.models.lineup?.champion.predictor else { throw Problem.noModel }
            let rows = try await self.score(form, with: predictor)
            return Response.json { json in
                json.field("model_version", predictor.model.version)
                json.field("scores", array: rows) { json, row in json.object { self.write(row, to: &$0) } }
            }
        }
    }

    private func score(_ form: ScoreForm, with predictor: any Predictor) async throws -> [Row] {
        switch form {
        case .features(let rows):
            return try await self.probabilities(of: rows, with: predictor).map { Row(customerID: nil, probability: $0) }
        case .customers(let ids, let isOne):
            let states = try await self.parts.ask { try await $0.states.states(for: ids) }
            if isOne, states.isEmpty { throw Problem.customerNotFound }
            let known = ids.filter { states[$0] != nil }
            let probabilities = try await self.probabilities(
                of: known.compactMap { states[$0]?.features }, with: predictor)
            let scores = Dictionary(zip(known, probabilities)) { first, _ in first }
            return ids.map { Row(customerID: $0, probability: scores[$0]) }
        }
    }

    private func probabilities(of rows: [[FeatureValue]], with predictor: any Predictor) async throws -> [Double] {
        let probabilities: [Double]
        do {
            probabilities = try await self.parts.ask { _ in try await predictor.predict(rows) }
        } catch let error where error.failureDisposition == .reject {
            throw Problem.notScorable
        }
        guard probabilities.count == rows.count, probabilities.allSatisfy({ (0...1).contains($0) }) else {
            throw ChurnError(
                .predictionFailed, .fatal, during: "score on request",
                advice: "the predictor broke its promise of one probability for each row")
        }
        return probabilities
    }

    private func write(_ row: Row, to json: inout JSONWriter) {
        json.field("customer_id", row.customerID)
        json.field("churn_probability", row.probability)
        json.field("churn_risk", row.probability.map { self.parts.domain.bands.band(of: $0).rawValue })
        json.field("error", row.probability == nil ? Problem.customerNotFound.code : nil)
    }
}
