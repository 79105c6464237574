public import ChurnCore
public import ChurnInsight

/// A model registry in the memory of one process, for demos and tests.
public final class InMemoryModelRegistry: ModelRegistry {
    private struct State {
        var models: [RegisteredModel] = []
        var files: [String: [BundleFile]] = [:]
    }

    private let state = Locked(State())
    private let audit: any AuditLog
    private let hasScores: @Sendable (String) async throws -> Bool

    /// Creates an empty registry.
    ///
    /// - Parameters:
    ///   - audit: where changes are written down.
    ///   - hasScores: whether scores of a model's version are kept; without more, none are.
    public init(
        audit: any AuditLog = InMemoryAuditLog(),
        hasScores: @escaping @Sendable (String) async throws -> Bool = { _ in false }
    ) {
        self.audit = audit
        self.hasScores = hasScores
    }

    /// Registers a model; see ``/ChurnInsight/ModelRegistry/register(_:files:)``.
    public func register(_ model: RegisteredModel, files: [BundleFile]) async throws -> Bool {
        let isNew = try self.state.withLock { state -> Bool in
            if let known = state.models.first(where: { $0.version == model.version }) {
                try model.requireSameBundle(as: known)
                return false
            }
            state.models.append(model)
            state.files[model.version] = files.sorted { $0.name < $1.name }
            return true
        }
        if isNew { try await self.audit.record(model.registration) }
        return isNew
    }

    /// The models of a domain, the newest first.
    public func models(of domain: String) async throws -> [RegisteredModel] {
        self.state.withLock { state in
            state.models.filter { $0.description.domain == domain }.sorted {
                ($0.registered, $0.version) > ($1.registered, $1.version)
            }
        }
    }

    /// A model's files, sorted by name.
    public func bundleFiles(of version: String) async throws -> [BundleFile] {
        self.state.withLock { $0.files[version] ?? [] }
    }

    /// Changes who does what; see ``/ChurnInsight/ModelRegistry/change(_:in:by:at:)``.
    public func change(
        _ change: ModelRoleChange, in domain: String, by actor: String, at time: Timestamp
    ) async throws -> ModelRoleChange.Result {
        let result = try self.state.withLock { state in
            let result = try change.applied(
                to: state.models.filter { $0.description.domain == domain }, by: actor, at: time)
            for model in result.changed {
                if let index = state.models.firstIndex(where: { $0.version == model.version }) {
                    state.models[index] = model
                }
            }
            return result
        }
        if let entry = result.entry { try await self.audit.record(entry) }
        return result
    }

    /// Deletes an archived model; see ``/ChurnInsight/ModelRegistry/delete(_:in:by:at:)``.
    public func delete(
        _ version: String, in domain: String, by actor: String, at time: Timestamp
    ) async throws -> RegisteredModel {
        func planned(from models: [RegisteredModel]) throws -> ModelDeletion {
            try ModelDeletion(
                of: version, from: models.filter { $0.description.domain == domain }, by: actor, at: time)
        }
        try planned(from: self.state.withLock(\.models)).requireNoScores(try await self.hasScores(version))
        let deletion = try self.state.withLock { state in
            let deletion = try planned(from: state.models)
            for model in deletion.relinked {
                if let index = state.models.firstIndex(where: { $0.version == model.version }) {
                    state.models[index] = model
                }
            }
            state.models.removeAll { $0.version == version }
            state.files[version] = nil
            return deletion
        }
        try await self.audit.record(deletion.entry)
        return deletion.model
    }
}
