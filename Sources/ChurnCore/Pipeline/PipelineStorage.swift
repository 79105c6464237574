/// The stores that a pipeline reads and writes: one transactional store, or two that know nothing of each other.
enum PipelineStorage: Sendable {
    case transactional(any TransactionalStore)
    case separate(any FeatureStore, any PredictionSink)

    var features: any FeatureStore {
        switch self {
        case .transactional(let store): store
        case .separate(let features, _): features
        }
    }

    var sink: any PredictionSink {
        switch self {
        case .transactional(let store): store
        case .separate(_, let sink): sink
        }
    }

    /// Those of `keys` that were accepted before; a sink without transactions deduplicates nothing.
    func accepted(_ keys: [SourceEventKey]) async throws -> Set<SourceEventKey> {
        guard case .transactional(let store) = self, !keys.isEmpty else { return [] }
        return try await store.accepted(keys)
    }
}
