import ChurnCore
import ChurnInsight
import HTTPTypes
import Hummingbird

/// `POST /api/customer/{id}/log-intervention`: keeps what a person did about a customer.
///
/// Members of other names are ignored, as the contract's dashboards expect.
struct InterventionRoute: EndpointGroup {
    let dependencies: APIDependencies

    private static let answer = Shape<LoggedIntervention>([
        Field("status", schema: .constant("success")) { _ in "success" },
        Field("log", Shape<LoggedIntervention>.intervention, object: { $0 }),
    ])

    var endpoints: [Endpoint] {
        [
            Endpoint(
                .post, "/api/customer/{id}/log-intervention", .working, id: "logIntervention", .customers,
                "Log what was done about a customer",
                notes: """
                    One of action, action_id, intervention_type and description must be given. An action is checked \
                    against the domain's actions. It is a step of the customer's case: an open one is acknowledged by it. Members of other names are ignored.
                    """,
                parameters: ParameterDescription.customerID,
                body: InterventionForm.schema(actions: self.dependencies.domain.actions),
                answers: [
                    .created("It is logged.", Self.answer.schema), .customerNotFound, .conflict, .unavailable,
                ]
            ) { request, context in
                let logged = try await self.log(request, context)
                return Self.answer.response(logged, status: .created)
            }
        ]
    }

    private func log(_ request: Request, _ context: ServeContext) async throws -> LoggedIntervention {
        let members = try await request.jsonObject(limit: self.dependencies.limits.maximumBodyBytes)
        let form = try InterventionForm(members, actions: self.dependencies.domain.actions)
        let id = try context.customerID(request)
        if let named = form.customerID, named != id {
            throw Problem(
                .conflict, "another_customer", "The body's customer_id is not the customer of the address.")
        }
        let claimed = form.agent.map { "; for agent \($0)" } ?? ""
        let intervention = NewIntervention(
            customerID: id, action: form.action, type: form.type, note: form.note,
            agent: form.agent ?? context.principal?.name ?? "System",
            time: form.time ?? self.dependencies.queries.now(), actionID: form.actionID, caseID: form.caseID,
            writeKey: form.writeKey)
        let (now, actor) = (self.dependencies.queries.now(), context.principal?.name ?? "anyone")
        let logged: Intervention?
        do {
            logged = try await self.dependencies.ask { queries in
                try await queries.interventions.log(intervention, at: now) { logged in
                    NewAuditEntry(
                        time: now, actor: actor, action: "intervention.logged", subject: id,
                        detail: "log_id \(logged.id)\(claimed)")
                }
            }
        } catch let error as ChurnError where error.code == .dataRefused && form.caseID != nil {
            throw Problem(
                .conflict, "another_customer", "The body's alert_id is not a case of the customer of the address.")
        }
        guard let logged else { throw Problem.customerNotFound }
        return LoggedIntervention(intervention: logged, customerID: id)
    }
}

/// What a person did about a customer, beside the customer.
struct LoggedIntervention: Sendable {
    var intervention: Intervention
    var customerID: String
}

extension Shape<LoggedIntervention> {
    static var intervention: Shape {
        Shape(
            "Intervention",
            [
                Field("log_id") { $0.intervention.id },
                Field("customer_id") { $0.customerID },
                Field("action_taken") { $0.intervention.action },
                Field("log_timestamp") { $0.intervention.time },
                Field("agent_id") { $0.intervention.agent },
                Field("intervention_type") { $0.intervention.type },
                Field("description") { $0.intervention.note },
                Field.ifThere("action_id", "The action of the domain that it was.") { $0.intervention.actionID },
                Field.ifThere("alert_id", "The case that it was about.") { $0.intervention.caseID },
                Field.ifThere("prediction_id", "The customer's latest score of then.") { $0.intervention.predictionID },
            ])
    }
}
