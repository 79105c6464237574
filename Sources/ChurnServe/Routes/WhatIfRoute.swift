import ChurnCore
import ChurnInsight
import Hummingbird

/// `POST /api/simulate`: what staff could do about a customer, each with the score that it would have; nothing is
/// stored.
struct WhatIfRoute: EndpointGroup {
    let dependencies: APIDependencies

    private struct Answer {
        var customerID: String
        var report: ActionReport
    }

    private static func answer(_ domain: Domain) -> Shape<Answer> {
        let outcome = Shape<ActionOutcome>.outcome(domain)
        return Shape<Answer>([
            Field("customer_id") { $0.customerID },
            Field("churn_probability", schema: .probability) { $0.report.probability },
            Field("model_version") { $0.report.model.version },
            Field("value") { $0.report.value },
            Field(
                "reach_known",
                """
                Whether the model's bundle says which customers it learned from; without that, caveats say only what \
                categories were never seen.
                """
            ) { $0.report.isReachKnown },
            Field("scenario", outcome, objectIfThere: { $0.report.scenario }),
            Field("actions", outcome, list: { $0.report.outcomes }),
        ])
    }

    var endpoints: [Endpoint] {
        let domain = self.dependencies.domain
        let answer = Self.answer(domain)
        return [
            Endpoint(
                .post, "/api/simulate", .reading, id: "simulate", .scoring, "What staff could do about a customer",
                notes: """
                    The domain's actions that are possible for the customer now, alone and in pairs, each with the \
                    exact score that the customer would have. Those without caveats come first, and of these the \
                    largest expected gain; where no value is known, the lowest score. With actions or changes, the \
                    outcome of these too: actions in their order, then changes, each within the domain's limits. \
                    Nothing is stored.
                    """,
                refusesOtherParameters: true, body: WhatIfForm.schema(domain),
                answers: [.ok("The outcomes.", answer.schema), .customerNotFound, .conflict, .unavailable]
            ) { request, _ in
                let members = try await request.jsonObject(limit: self.dependencies.limits.maximumBodyBytes)
                let form = try WhatIfForm(members, domain: domain)
                guard let lineup = self.dependencies.queries.models.lineup else { throw Problem.noModel }
                let fallbacks = self.dependencies.canaryFallbacks
                let whatIf = WhatIf(
                    domain: domain, lineup: lineup, customerID: form.customerID, fallback: { fallbacks.count(1) })
                let report = try await self.report(form, from: whatIf)
                return answer.response(Answer(customerID: form.customerID, report: report))
            }
        ]
    }

    private func report(_ form: WhatIfForm, from whatIf: WhatIf) async throws -> ActionReport {
        do {
            let report = try await self.dependencies.ask { queries in
                try await whatIf.report(on: form.customerID, in: queries.states, scenario: form.scenario)
            }
            guard let report else { throw Problem.customerNotFound }
            return report
        } catch is ActionScenarioError {
            throw Problem.impossibleAction
        } catch let error where error.failureDisposition == .reject {
            throw Problem.notScorable
        }
    }
}

extension Shape<ActionOutcome> {
    /// What actions or changes would do to a customer's score.
    static func outcome(_ domain: Domain) -> Shape {
        let features = domain.schema.features
        let changes = Schema.object(
            features.map { Schema.Property(name: $0.column, schema: $0.answerSchema, isRequired: false) })
        return Shape(
            "ActionOutcome",
            [
                Field("actions") { $0.actions },
                Field("label") { $0.label },
                Field(
                    "changes", schema: changes.named("Changes"),
                    members: { outcome, json in
                        for change in outcome.changes { json.field(features[change.feature].column, change.value) }
                    }),
                Field("churn_probability", schema: .probability) { $0.probability },
                Field("change", "How much the probability would change.", schema: .number(from: -1, to: 1)) {
                    $0.change
                },
                Field(
                    "expected_loss_before",
                    "The expected loss: the probability times what the customer pays each month."
                ) { $0.valueAtRiskBefore.map(Money.init) },
                Field("expected_loss_after", "The expected loss with the changed features.") {
                    $0.valueAtRiskAfter.map(Money.init)
                },
                Field("value_at_risk_before", "The older name of expected_loss_before.") {
                    $0.valueAtRiskBefore.map(Money.init)
                },
                Field("value_at_risk_after", "The older name of expected_loss_after.") {
                    $0.valueAtRiskAfter.map(Money.init)
                },
                Field(
                    "expected_gain",
                    """
                    The change of what the customer pays times the probability that it stays, over the months, less the \
                    cost; null where the value is not known.
                    """
                ) { $0.expectedGain.map(Money.init) },
                Field("cost", "What the actions cost once.") { Money($0.cost) },
                Field("months", "The months over which the gain is counted.") { $0.months },
                Field(
                    "evidence", "By the model: no outcome of such an action has proven it.", schema: .choice(["model"])
                ) { _ in "model" },
                Field(
                    "caveats",
                    """
                    The ways in which the customer would be unlike all that the model learned from; such an outcome is \
                    not recommended.
                    """
                ) { $0.caveats },
                Field("text") { $0.text },
            ])
    }
}
