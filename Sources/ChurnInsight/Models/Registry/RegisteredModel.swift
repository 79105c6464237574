public import ChurnCore

/// The role of a registered model.
public enum ModelRole: String, Hashable, Sendable, CaseIterable {
    /// Serves; at most one for each domain.
    case champion
    /// Scores in the shadow and serves the canary; at most one for each domain.
    case challenger
    /// Is kept, and does nothing.
    case archived
}

/// A model that the registry knows.
public struct RegisteredModel: Hashable, Sendable {
    /// The model's description of itself.
    public var description: ModelDescription
    /// The digest of its bundle.
    public var bundle: BundleReference
    /// The digest of the domain's schema that it was made for.
    public var schemaDigest: String
    /// The folder that it was registered from, for people; its files are in the registry.
    public var source: String
    /// The role of the model.
    public var role: ModelRole
    /// The share of customers that it serves as a challenger.
    public var canary: CanaryShare
    /// The champion before it, to which a rollback returns; nil where there was none.
    public var previousChampion: String?
    /// The time of its registration.
    public var registered: Timestamp
    /// The person who registered it.
    public var registeredBy: String
    /// The time at which it took its role.
    public var changed: Timestamp
    /// The person who gave it its role.
    public var changedBy: String

    /// The model's version.
    public var version: String { self.description.version }

    /// Creates a model that was just registered and does nothing yet.
    public init(
        description: ModelDescription, bundle: BundleReference, schemaDigest: String, source: String,
        registered: Timestamp, registeredBy: String
    ) {
        self.description = description
        self.bundle = bundle
        self.schemaDigest = schemaDigest
        self.source = source
        self.role = .archived
        self.canary = .none
        self.registered = registered
        self.registeredBy = registeredBy
        self.changed = registered
        self.changedBy = registeredBy
    }
}

/// A file of a registered bundle.
public struct BundleFile: Hashable, Sendable {
    /// The name in the bundle's folder.
    public var name: String
    /// The contents.
    public var bytes: [UInt8]

    /// Creates a file.
    public init(name: String, bytes: [UInt8]) {
        self.name = name
        self.bytes = bytes
    }
}
