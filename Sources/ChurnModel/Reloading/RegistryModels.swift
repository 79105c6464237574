public import ChurnCore
public import ChurnInsight
public import CoreMetrics

/// The models that a registry names: every process that follows it changes within its interval after a promotion.
public struct RegistryModels: ModelOrigin {
    private let registry: any ModelRegistry
    private let domain: Domain
    private let metrics: (any MetricsFactory)?

    /// Creates an origin over a registry.
    ///
    /// - `metrics`: where missing values and unknown categories are counted; nil for nowhere.
    public init(registry: any ModelRegistry, domain: Domain, metrics: (any MetricsFactory)? = nil) {
        self.metrics = metrics
        self.registry = registry
        self.domain = domain
    }

    /// The champion and the challenger of the domain; nil before the first promotion.
    public func wanted() async throws -> WantedModels? {
        let models = try await self.registry.models(of: self.domain.name)
        guard let champion = models.first(where: { $0.role == .champion }) else { return nil }
        let challenger = models.first { $0.role == .challenger }
        return WantedModels(
            champion: champion.bundle, challenger: challenger?.bundle, canary: challenger?.canary ?? .none)
    }

    /// Loads a bundle from the files in the registry, all checks made.
    public func load(_ bundle: BundleReference) async throws -> LoadedModel {
        let models = try await self.registry.models(of: self.domain.name)
        guard let model = models.first(where: { $0.bundle == bundle }) else {
            throw Self.refusal("the registry does not have this bundle any more")
        }
        let files = try await self.registry.bundleFiles(of: model.version)
        let predictor = try await BundleFiles.load(files, for: self.domain)
        guard BundleFiles.digest(of: files) == bundle.digest, predictor.model.version == model.version else {
            throw Self.refusal(
                "the files of \(model.version) in the registry are not those that were registered; archive it")
        }
        return LoadedModel(predictor, metrics: self.metrics)
    }

    private static func refusal(_ advice: String) -> ChurnError {
        ChurnError(.modelRefused, .fatal, during: "load a model", advice: advice)
    }
}

extension RegisteredModel {
    /// A bundle that was loaded, as it is registered.
    public init(
        _ predictor: XGBoostPredictor, files: [BundleFile], source: String, at time: Timestamp, by actor: String
    ) {
        self.init(
            description: ModelDescription(predictor.manifest),
            bundle: BundleReference(digest: BundleFiles.digest(of: files)),
            schemaDigest: predictor.manifest.schemaDigest,
            source: source, registered: time, registeredBy: actor)
    }
}
