/// Names one bundle: two bundles with the same digest are the same, byte for byte.
public struct BundleReference: Hashable, Sendable {
    /// SHA-256 of the bundle's manifest, in hexadecimal; the manifest holds the digests of all other files.
    public var digest: String
    /// Further signs that its files changed, such as their times; empty where they cannot.
    public var stamp: String

    /// Creates a reference.
    public init(digest: String, stamp: String = "") {
        self.digest = digest
        self.stamp = stamp
    }
}

/// The models that are to work.
public struct WantedModels: Hashable, Sendable {
    /// Serves.
    public var champion: BundleReference
    /// Scores in the shadow; nil for none.
    public var challenger: BundleReference?
    /// The customers that the challenger serves.
    public var canary: CanaryShare

    /// Creates the set of models that are to work.
    public init(champion: BundleReference, challenger: BundleReference? = nil, canary: CanaryShare = .none) {
        self.champion = champion
        self.challenger = challenger
        self.canary = canary
    }
}

/// The origin of a process's models: a folder, or a registry.
public protocol ModelOrigin: Sendable {
    /// Returns the models that are to work now; nil where none was named yet.
    ///
    /// Cheap: it is asked every few seconds.
    func wanted() async throws -> WantedModels?

    /// Loads a bundle, all checks made, without blocking the caller's thread.
    ///
    /// - Throws: ``ChurnError/Code/modelRefused`` where the bundle must not serve.
    func load(_ bundle: BundleReference) async throws -> LoadedModel
}
