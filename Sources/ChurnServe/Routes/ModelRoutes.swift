import ChurnCore
import ChurnInsight
import Hummingbird

/// `GET /api/models`: the models that work here and those that are registered, and how good they were on customers
/// that they had not seen.
struct ModelRoutes {
    let dependencies: APIDependencies

    /// A model, from the registry or from this process.
    private struct Row {
        var description: ModelDescription
        var registered: RegisteredModel?
        var role: ModelRole
        var isLoaded: Bool
    }

    func add(to router: Router<ServeContext>) {
        router.get("/api/models") { request, _ in
            try request.parameters().allowOnly([])
            let domain = self.dependencies.domain.name
            let registered = try await self.dependencies.ask { try await $0.registry?.models(of: domain) ?? [] }
            let rows = Self.rows(self.dependencies.queries.models.lineup, registered)
            return Response.json { json in
                json.field("models", array: rows) { json, row in json.object { Self.write(row, to: &$0) } }
            }
        }
    }

    /// The models of this process come first; a role here may lag behind the registry's by the interval of a look.
    private static func rows(_ lineup: ModelLineup?, _ registered: [RegisteredModel]) -> [Row] {
        let loaded = [(lineup?.champion, ModelRole.champion), (lineup?.challenger, .challenger)]
            .compactMap { model, role in
                model.map { model in
                    Row(
                        description: model.description,
                        registered: registered.first { $0.version == model.identity.version }, role: role,
                        isLoaded: true)
                }
            }
        let versions = Set(loaded.map(\.description.version))
        return loaded
            + registered.filter { !versions.contains($0.version) }.map {
                Row(description: $0.description, registered: $0, role: $0.role, isLoaded: false)
            }
    }

    private static func write(_ row: Row, to json: inout JSONWriter) {
        let model = row.description
        json.field("version", model.version)
        json.field("status", row.isLoaded ? "serving" : "registered")
        json.field("role", row.role.rawValue)
        json.field("canary_share", row.registered?.canary.share ?? 0)
        json.field("registered_at", row.registered?.registered)
        json.field("registered_by", row.registered?.registeredBy)
        json.field("changed_at", row.registered?.changed)
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
