import ChurnCore
import Hummingbird

/// `POST /api/score`: the score that customers have, or would have with other features; nothing is stored.
///
/// A customer of the canary is scored by the challenger, as its events are; features alone by the champion.
struct ScoreRoute {
    let dependencies: APIDependencies

    /// A line of the answer; without a score where there is no such customer.
    private struct Row {
        var customerID: String?
        var score: ServedScore?
    }

    func add(to router: Router<ServeContext>) {
        router.post("/api/score") { request, _ in
            try request.parameters().allowOnly([])
            let members = try await request.jsonObject(limit: self.dependencies.limits.maximumBodyBytes)
            let form = try ScoreForm(members, schema: self.dependencies.domain.schema)
            guard let lineup = self.dependencies.queries.models.lineup else { throw Problem.noModel }
            let rows = try await self.score(form, by: lineup)
            return Response.json { json in
                json.field("model_version", lineup.champion.identity.version)
                json.field("scores", array: rows) { json, row in json.object { self.write(row, to: &$0) } }
            }
        }
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

    private func write(_ row: Row, to json: inout JSONWriter) {
        json.field("customer_id", row.customerID)
        json.field("churn_probability", row.score?.probability)
        json.field("churn_risk", row.score.map { self.dependencies.domain.bands.band(of: $0.probability).rawValue })
        json.field("model_version", row.score?.model.version)
        json.field("error", row.score == nil ? Problem.customerNotFound.code : nil)
    }
}
