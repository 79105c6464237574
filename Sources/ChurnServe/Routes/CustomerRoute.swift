import ChurnCore
import ChurnInsight
import HTTPTypes
import Hummingbird

/// `GET /api/customer/{id}`: what a person sees about one customer.
struct CustomerRoute: EndpointGroup {
    let customers: any CustomerDirectory
    let domain: Domain
    let deadline: Duration
    /// The models that score what staff could do; empty where this process has none.
    let models: ModelSlot
    let canaryFallbacks: CanaryFallbacks

    /// The number of events shown.
    private static let recentEvents = 15
    /// The number of actions recommended.
    private static let recommendedActions = 5

    var endpoints: [Endpoint] {
        let answer = Self.answer(self.domain)
        return [
            Endpoint(
                .get, "/api/customer/{id}", .reading, id: "customer", .customers, "One customer",
                notes: "Every column, the latest score, the \(Self.recentEvents) newest events and the interventions.",
                parameters: ParameterDescription.customerID,
                answers: [.ok("The customer.", answer.schema), .customerNotFound, .unavailable]
            ) { request, context in
                try await answer.response(self.customer(id: context.customerID(request)))
            }
        ]
    }

    /// A customer beside what could be done about it.
    private struct Answered {
        var record: CustomerRecord
        var recommended: [ActionOutcome]

        var id: String { self.record.state.id }
    }

    private static func answer(_ domain: Domain) -> Shape<Answered> {
        Shape(
            "CustomerRecord",
            [
                Field("details", self.details(domain), object: { $0.record.state }),
                Field(
                    "intervention_log", Shape<LoggedIntervention>.intervention,
                    list: { answered in
                        answered.record.interventions.map {
                            LoggedIntervention(intervention: $0, customerID: answered.id)
                        }
                    }),
                Field(
                    "recent_events", Shape<EventOfCustomer>.event, to: self.recentEvents,
                    list: { answered in
                        answered.record.recentEvents.map { EventOfCustomer(customerID: answered.id, event: $0) }
                    }),
                Field(
                    "recommended_actions", Shape<ActionOutcome>.outcome(domain), to: self.recommendedActions,
                    list: { $0.recommended }),
                Field(
                    "scored_by",
                    """
                    The version of the model that made the latest score; null without one. After a promotion it is \
                    the model before, until the customer's next event or a scoring of everyone.
                    """
                ) { $0.record.scoredBy },
            ])
    }

    private static func details(_ domain: Domain) -> Shape<CustomerState> {
        let score: [Field<CustomerState>] = [
            Field("churn_probability", schema: .probability.orNull()) { $0.latest?.probability },
            Field("churn_risk") { $0.latest?.band },
            Field(
                "prediction_timestamp",
                """
                The time for which the customer was scored: that of the event's record, or of a scoring without an \
                event; the same as in the view predictions.
                """
            ) { $0.latest?.time },
            .lastActivity,
            Field("at_risk") { $0.alert.isAtRisk },
            Field("version") { $0.version },
            Field("left_at", "When the customer left, by its newest outcome; null for one that is there.") {
                $0.leftAt
            },
        ]
        return Shape(Shape<CustomerState>.columns(domain).fields + score)
    }

    private func customer(id: String) async throws -> Answered {
        let record = try await withDeadline(self.deadline) {
            try await self.customers.customer(id: id, recentEvents: Self.recentEvents)
        }
        guard let record else { throw Problem.customerNotFound }
        return Answered(record: record, recommended: try await self.recommended(for: record.state))
    }

    /// Returns the actions that would lower the probability most; none where no model can score this customer.
    private func recommended(for state: CustomerState) async throws -> [ActionOutcome] {
        guard let lineup = self.models.lineup, !self.domain.actions.isEmpty, state.leftAt == nil else { return [] }
        let fallbacks = self.canaryFallbacks
        let whatIf = WhatIf(domain: self.domain, lineup: lineup, customerID: state.id) {
            fallbacks.count(1)
        }
        do {
            return try await withDeadline(self.deadline) { try await whatIf.report(on: state.features) }
                .recommended(Self.recommendedActions)
        } catch let error where error.failureDisposition == .reject {
            return []
        }
    }
}
