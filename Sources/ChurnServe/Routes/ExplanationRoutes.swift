import ChurnCore
import ChurnInsight
import HTTPTypes
import Hummingbird

/// `GET /api/customer/{id}/explanation` and `GET /api/customer/{id}/changes`: why a customer has its score, and why the
/// score changed.
struct ExplanationRoutes: EndpointGroup {
    private static let limit = Parameter.limit(default: 20, cap: 200)

    let dependencies: APIDependencies
    private let phrases: ReasonPhrases

    init(dependencies: APIDependencies) {
        self.dependencies = dependencies
        self.phrases = ReasonPhrases(schema: dependencies.domain.schema)
    }

    var endpoints: [Endpoint] { [self.explanation, self.changes] }

    private var explanation: Endpoint {
        let answer = Shape<ExplainedScore>.explanation(self.dependencies.domain, self.phrases)
        return Endpoint(
            .get, "/api/customer/{id}/explanation", .reading, id: "explanation", .customers,
            "Why a customer has its score",
            notes: """
                SHAP values of the model that serves, in log-odds: base_margin and all contributions add up to margin, \
                the score before any calibration. The strongest feature first; features that add nothing are left out.
                """,
            parameters: ParameterDescription.customerID, refusesOtherParameters: true,
            answers: [.ok("The explanation.", answer.schema), .customerNotFound, .unavailable]
        ) { request, context in
            try await answer.response(self.explained(context.customerID(request)))
        }
    }

    private var changes: Endpoint {
        let answer = Self.answer(.change(self.dependencies.domain, self.phrases))
        return Endpoint(
            .get, "/api/customer/{id}/changes", .reading, id: "scoreChanges", .customers,
            "Why a customer's score changed",
            notes: """
                Events that moved the score, newest first. The contributions of a change add up to to_margin less \
                from_margin; where another model made the score before, there are none and the margins are null.
                """,
            parameters: ParameterDescription.customerID + [Self.limit.description], refusesOtherParameters: true,
            answers: [.ok("The changes.", answer.schema), .customerNotFound, .unavailable]
        ) { request, context in
            let limit = try request.parameters().value(of: Self.limit)
            let id = try context.customerID(request)
            let events = try await self.dependencies.ask { try await $0.customers.scoreChanges(of: id, limit: limit) }
            guard let events else { throw Problem.customerNotFound }
            let items = events.compactMap { event in
                event.change.map { Item(event: event, change: EventChange(change: $0, type: event.type)) }
            }
            return answer.response(Changes(customerID: id, items: items))
        }
    }

    /// An event that moved the score.
    private struct Item {
        var event: RecentEvent
        var change: EventChange
    }

    private struct Changes {
        var customerID: String
        var items: [Item]
    }

    private static func answer(_ change: Shape<EventChange>) -> Shape<Changes> {
        let event: [Field<Item>] = [
            Field("event_id") { $0.event.eventID },
            Field("event_type") { $0.event.type.rawValue },
            Field("event_timestamp") { $0.event.time },
        ]
        let moved: [Field<Item>] = change.fields.map { field in field.of { $0.change } }
        return Shape([
            Field("customer_id") { $0.customerID },
            Field("items", Shape<Item>(event + moved), list: { $0.items }),
        ])
    }

    private func explained(_ id: String) async throws -> ExplainedScore {
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
        return ExplainedScore(
            customerID: id, probability: probability, band: self.dependencies.domain.bands.band(of: probability),
            modelVersion: predictor.model.version, explanation: explanation, features: state.features)
    }
}
