package import ChurnCore
package import ChurnMemory

extension LinearModel {
    /// A model whose weights come from a seed.
    package static func seeded(
        _ domain: Domain = .telco, seed: UInt64 = 1, version: String = "linear-1"
    ) -> LinearModel {
        var random = SeededRandom(seed: seed)
        return LinearModel(
            version: version, baseMargin: -1,
            weights: domain.schema.features.map { feature in
                LinearModel.Weight(
                    slope: (random.uniform() - 0.5) / (feature.type == .numeric ? 50 : 1),
                    levels: Dictionary(uniqueKeysWithValues: feature.categories.map { ($0, random.uniform() * 2 - 1) }))
            })
    }
}
