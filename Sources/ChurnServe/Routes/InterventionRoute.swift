import ChurnCore
import ChurnInsight
import HTTPTypes
import Hummingbird

/// `POST /api/customer/{id}/log-intervention`: keeps what a person did about a customer.
///
/// Members of other names are ignored, as the contract's dashboards expect.
struct InterventionRoute {
    let dependencies: APIDependencies

    func add(to router: Router<ServeContext>) {
        router.post("/api/customer/:id/log-intervention") { request, context in
            let members = try await request.jsonObject(limit: self.dependencies.limits.maximumBodyBytes)
            let form = try InterventionForm(members, actions: self.dependencies.domain.actions)
            let id = try context.customerID()
            if let named = form.customerID, named != id {
                throw Problem(
                    .conflict, "another_customer", "The body's customer_id is not the customer of the address.")
            }
            let intervention = NewIntervention(
                customerID: id, action: form.action, type: form.type, note: form.note,
                agent: form.agent ?? context.principal?.name ?? "System",
                time: form.time ?? self.dependencies.queries.now())
            let (now, actor) = (self.dependencies.queries.now(), context.principal?.name ?? "anyone")
            let logged = try await self.dependencies.ask { queries in
                try await queries.interventions.log(intervention) { logged in
                    NewAuditEntry(
                        time: now, actor: actor, action: "intervention.logged", subject: id,
                        detail: "log_id \(logged.id)")
                }
            }
            guard let logged else { throw Problem.customerNotFound }
            var response = Response.json { json in
                json.field("status", "success")
                json.field("log", object: { $0.fields(of: logged, customerID: id) })
            }
            response.status = .created
            return response
        }
    }
}
