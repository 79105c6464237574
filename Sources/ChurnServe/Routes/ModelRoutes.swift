import ChurnCore
import Hummingbird

/// `GET /api/models`: the model that scores here, and how good it was on customers that it had not seen.
struct ModelRoutes {
    let parts: RestParts

    func add(to router: Router<ServeContext>) {
        router.get("/api/models") { request, _ in
            try request.parameters().allowOnly([])
            let models = self.parts.queries.models.lineup.map { [$0.champion.description] } ?? []
            return Response.json { json in
                json.field("models", array: models) { json, model in json.object { Self.write(model, to: &$0) } }
            }
        }
    }

    private static func write(_ model: ModelDescription, to json: inout JSONWriter) {
        json.field("version", model.version)
        json.field("status", "serving")
        json.field("domain", model.domain)
        json.field("library", model.library)
        json.field(
            "training",
            object: { json in
                json.field("rows", model.trainingRows)
                json.field("positives", model.trainingPositives)
                json.field("trees", model.trees)
            })
        json.field(
            "metrics",
            object: { json in
                for (name, value) in model.metrics.sorted(by: { $0.key < $1.key }) { json.field(name, value) }
            })
    }
}
