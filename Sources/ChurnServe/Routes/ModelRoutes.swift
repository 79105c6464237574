import ChurnCore
import ChurnInsight
import Hummingbird

/// `GET /api/models`: the models that work here and those that are registered, and how good they were on customers
/// that they had not seen.
struct ModelRoutes: EndpointGroup {
    let dependencies: APIDependencies

    /// A model, from the registry or from this process.
    private struct Row {
        var description: ModelDescription
        var registered: RegisteredModel?
        var role: ModelRole
        var isLoaded: Bool

        var status: String { self.isLoaded ? "serving" : "registered" }
        var canaryShare: Double { self.registered?.canary.share ?? 0 }
    }

    private static let answer = Shape<[Row]>([Field("models", Self.model, list: { $0 })])

    private static let model = Shape<Row>(
        "Model",
        [
            Field("version") { $0.description.version },
            Field("status", schema: .choice(["serving", "registered"])) { $0.status },
            Field("role") { $0.role },
            Field("canary_share") { $0.canaryShare },
            Field("registered_at") { $0.registered?.registered },
            Field("registered_by") { $0.registered?.registeredBy },
            Field("changed_at") { $0.registered?.changed },
            Field("domain") { $0.description.domain },
            Field("library") { $0.description.library },
            Field("training", Self.training, object: { $0.description }),
            Field(
                "metrics", schema: .object(others: .all(.number())),
                members: { row, json in
                    for (name, value) in row.description.metrics.sorted(by: { $0.key < $1.key }) {
                        json.field(name, value)
                    }
                }),
        ])

    private static let training = Shape<ModelDescription>([
        Field("rows") { $0.trainingRows },
        Field("positives") { $0.trainingPositives },
        Field("trees") { $0.trees },
    ])

    var endpoints: [Endpoint] {
        [
            Endpoint(
                .get, "/api/models", .reading, id: "models", .scoring,
                "The models that score, and those that are registered",
                notes: "What works in this process comes first. Empty where there is no model.",
                refusesOtherParameters: true, answers: [.ok("The models.", Self.answer.schema)]
            ) { _, _ in
                let domain = self.dependencies.domain.name
                let registered = try await self.dependencies.ask { try await $0.registry?.models(of: domain) ?? [] }
                return Self.answer.response(Self.rows(self.dependencies.queries.models.lineup, registered))
            }
        ]
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
}

extension ModelRole: NamedAnswerValue {}
