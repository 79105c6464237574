import ChurnCore
import ChurnInsight
import Hummingbird

/// `GET /api/customer/{id}/explanation` and `GET /api/customer/{id}/changes`: why a customer has its score, and why the
/// score changed.
struct ExplanationRoutes {
    private static let defaultLimit = 20
    private static let maximumLimit = 200

    let dependencies: APIDependencies
    private let phrases: ReasonPhrases

    init(dependencies: APIDependencies) {
        self.dependencies = dependencies
        self.phrases = ReasonPhrases(schema: dependencies.domain.schema)
    }

    func add(to router: Router<ServeContext>) {
        router.get("/api/customer/:id/explanation") { request, context in
            try request.parameters().allowOnly([])
            return try await self.explanation(of: context.customerID())
        }
        router.get("/api/customer/:id/changes") { request, context in
            let parameters = try request.parameters()
            try parameters.allowOnly(["limit"])
            let limit = try parameters.count("limit", cap: Self.maximumLimit, default: Self.defaultLimit)
            let id = try context.customerID()
            let changes = try await self.dependencies.ask { try await $0.customers.scoreChanges(of: id, limit: limit) }
            guard let changes else { throw Problem.customerNotFound }
            return Response.json { json in
                json.field("customer_id", id)
                json.field("items", array: changes) { json, event in
                    json.object { json in
                        json.field("event_id", event.eventID)
                        json.field("event_type", event.type.rawValue)
                        json.field("event_timestamp", event.time)
                        if let change = event.change {
                            json.fields(of: change, after: event.type, in: self.dependencies.domain, self.phrases)
                        }
                    }
                }
            }
        }
    }

    private func explanation(of id: String) async throws -> Response {
        let lineup = self.dependencies.queries.models.lineup
        guard let predictor = lineup?.model(for: id).predictor, let explainer = predictor.explainer else {
            throw Problem.noModel
        }
        let state = try await self.dependencies.ask { try await $0.states.states(for: [id])[id] }
        guard let state else { throw Problem.customerNotFound }
        let answers: ([Explanation], [Double])
        do {
            answers = try await self.dependencies.ask { _ in
                (try await explainer.explain([state.features]), try await predictor.predict([state.features]))
            }
        } catch let error where error.failureDisposition == .reject {
            throw Problem.notScorable
        }
        guard let explanation = answers.0.first, let probability = answers.1.first else { throw Problem.notScorable }
        return Response.json { json in
            json.field("customer_id", id)
            json.field("churn_probability", probability)
            json.field("churn_risk", self.dependencies.domain.bands.band(of: probability).rawValue)
            json.field("model_version", predictor.model.version)
            json.fields(
                of: explanation, features: state.features, probability: probability, in: self.dependencies.domain,
                self.phrases)
        }
    }
}
