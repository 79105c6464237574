public import ChurnCore

/// Keeps models with their files, and which of them works.
public protocol ModelRegistry: Sendable {
    /// Registers a model with its files, and writes that to the audit log; archived until it is given a role.
    ///
    /// - Returns: false where the version is there already with the same bundle: nothing changes.
    /// - Throws: `fatal` where the version is there with another bundle.
    func register(_ model: RegisteredModel, files: [BundleFile]) async throws -> Bool

    /// The models of a domain, the newest first; without their files.
    func models(of domain: String) async throws -> [RegisteredModel]

    /// A model's files, sorted by name; empty where there is no such model.
    func bundleFiles(of version: String) async throws -> [BundleFile]

    /// Changes who does what: one transaction, which also writes to the audit log.
    ///
    /// - Returns: what was changed; nothing where it was so already.
    /// - Throws: `fatal` where the change makes no sense.
    func change(
        _ change: ModelRoleChange, in domain: String, by actor: String, at time: Timestamp
    ) async throws -> ModelRoleChange.Result

    /// Deletes an archived model with its files: one transaction, which also writes to the audit log.
    ///
    /// A rollback passes over it from then on. Its version may be registered again.
    ///
    /// - Returns: the model as it was.
    /// - Throws: `fatal` where there is no such model, it is champion or challenger, or scores that it made are kept.
    func delete(
        _ version: String, in domain: String, by actor: String, at time: Timestamp
    ) async throws -> RegisteredModel
}
