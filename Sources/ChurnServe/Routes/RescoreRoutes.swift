import ChurnCore
import ChurnInsight
import Hummingbird

/// `GET /api/models/rescore` and `POST /api/models/rescore`: a score of the model that serves for every customer.
struct RescoreRoutes: EndpointGroup {
    let dependencies: APIDependencies

    private static let answer = Shape<RescoreRun?>(
        "Rescore",
        [Field("run", Self.run, "The run that was asked for last; null before the first.", objectOrNull: { $0 })])

    private static let run = Shape<RescoreRun>([
        Field("run_id") { $0.id },
        Field("model_version") { $0.version },
        Field("requested_by") { $0.requestedBy },
        Field("requested_at") { $0.requested },
        Field("done", "The number of customers that were looked at.", schema: .integer(from: 0)) { $0.done },
        Field("ended_at", "Null while it is under way.") { $0.ended },
        Field("reason", "Why it ended before everyone was scored; null where it did not.") { $0.reason },
    ])

    var endpoints: [Endpoint] {
        let answer = Self.answer
        return [
            Endpoint(
                .get, "/api/models/rescore", .reading, id: "rescore", .scoring, "How far a scoring of everyone is",
                refusesOtherParameters: true, answers: [.ok("The newest run.", answer.schema), .unavailable]
            ) { _, _ in
                answer.response(try await self.dependencies.ask { try await $0.rescores?.newestRescore() })
            },
            Endpoint(
                .post, "/api/models/rescore", .administering, id: "startRescore", .scoring,
                "Score everyone by the model that serves",
                notes: """
                    After a promotion, customers keep the scores of the model before until their next event. The run \
                    works in the background, sends no alerts and goes on after a restart. One that is under way for \
                    this model is the answer. The body is an object; its members are ignored.
                    """,
                refusesOtherParameters: true, body: .object(),
                answers: [.ok("The run.", answer.schema), .unavailable]
            ) { request, context in
                // Asked for as every write is, so that no page of another site can send it as a form.
                _ = try await request.jsonObject(limit: self.dependencies.limits.maximumBodyBytes)
                return answer.response(try await self.start(by: context.principal?.name ?? "anyone"))
            },
        ]
    }

    private func start(by actor: String) async throws -> RescoreRun {
        guard let version = self.dependencies.queries.models.lineup?.champion.identity.version else {
            throw Problem.noModel
        }
        let now = self.dependencies.queries.now()
        return try await self.dependencies.ask { queries in
            guard let rescores = queries.rescores else { throw Problem.noModel }
            return try await rescores.requestRescore(of: version, by: actor, at: now) { run in
                NewAuditEntry(
                    time: now, actor: actor, action: "rescore.requested", subject: version,
                    detail: "run_id \(run.id)")
            }
        }
    }
}
