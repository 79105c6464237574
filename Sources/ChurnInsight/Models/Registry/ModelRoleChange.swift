public import ChurnCore

/// A change of who does what.
public enum ModelRoleChange: Hashable, Sendable {
    /// This version serves from now on; the champion before it is archived.
    case promote(String)
    /// This version scores in the shadow and serves a share of the customers; the challenger before it is archived.
    case challenge(String, canary: CanaryShare)
    /// This version, which must not be the champion, does nothing from now on.
    case archive(String)
    /// The champion before the present one serves again, and the present one is archived.
    case rollback

    /// The result of a change.
    public struct Result: Hashable, Sendable {
        /// The models that are other now, as they are now, archived ones first.
        public var changed: [RegisteredModel]
        /// The entry of the audit log; nil where nothing was changed.
        public var entry: NewAuditEntry?
    }

    /// Makes the change on the models of one domain.
    package func applied(
        to models: [RegisteredModel], by actor: String, at time: Timestamp
    ) throws -> Result {
        let champion = models.first { $0.role == .champion }
        var table = RoleTable(models: models, actor: actor, time: time)
        switch self {
        case .promote(let version):
            let model = try Self.find(version, in: models)
            guard model.role != .champion else { return Result(changed: []) }
            if let champion { table.set(champion, .archived) }
            table.set(model, .champion) { $0.previousChampion = champion?.version }
            return table.result("model.promoted", version, "champion; before it \(champion?.version ?? "none")")
        case .challenge(let version, let canary):
            let model = try Self.find(version, in: models)
            guard model.role != .champion else {
                throw Self.refusal("\(version) is the champion; a challenger is another model")
            }
            guard model.role != .challenger || model.canary != canary else { return Result(changed: []) }
            if let other = models.first(where: { $0.role == .challenger && $0.version != version }) {
                table.set(other, .archived)
            }
            table.set(model, .challenger) { $0.canary = canary }
            return table.result("model.challenged", version, "challenger; serves a share of \(canary.share)")
        case .archive(let version):
            let model = try Self.find(version, in: models)
            guard model.role != .champion else {
                throw Self.refusal("\(version) is the champion; promote another model first", .modelIsChampion)
            }
            guard model.role != .archived else { return Result(changed: []) }
            table.set(model, .archived)
            return table.result("model.archived", version, "archived")
        case .rollback:
            guard let champion, let version = champion.previousChampion else {
                throw Self.refusal("no model served before the present champion; promote one by its version")
            }
            let model = try Self.find(version, in: models)
            table.set(champion, .archived)
            table.set(model, .champion)
            return table.result("model.rolled-back", version, "champion again; before it \(champion.version)")
        }
    }

    private static func find(_ version: String, in models: [RegisteredModel]) throws -> RegisteredModel {
        guard let model = models.first(where: { $0.version == version }) else {
            throw Self.refusal("no model of this domain has the version \(version)", .modelUnknown)
        }
        return model
    }

    private static func refusal(_ advice: String, _ code: ChurnError.Code = .invalidConfiguration) -> ChurnError {
        ChurnError(code, .fatal, during: "change a model's role", advice: advice)
    }
}

/// Collects changed models.
private struct RoleTable {
    let models: [RegisteredModel]
    let actor: String
    let time: Timestamp
    var changed: [RegisteredModel] = []

    mutating func set(_ model: RegisteredModel, _ role: ModelRole, _ more: (inout RegisteredModel) -> Void = { _ in }) {
        var model = model
        model.role = role
        model.canary = .none
        model.changed = self.time
        model.changedBy = self.actor
        more(&model)
        self.changed.append(model)
    }

    func result(_ action: String, _ version: String, _ detail: String) -> ModelRoleChange.Result {
        ModelRoleChange.Result(
            changed: self.changed,
            entry: NewAuditEntry(
                time: self.time, actor: self.actor, action: action, subject: version, detail: detail))
    }
}

extension RegisteredModel {
    /// The audit log's entry for a registration.
    package var registration: NewAuditEntry {
        NewAuditEntry(
            time: self.registered, actor: self.registeredBy, action: "model.registered", subject: self.version,
            detail: "bundle \(self.bundle.digest)")
    }

    /// Refuses another bundle under a version that is taken.
    package func requireSameBundle(as other: RegisteredModel) throws {
        guard self.bundle.digest == other.bundle.digest else {
            throw ChurnError(
                .invalidConfiguration, .fatal, during: "register a model",
                advice: "\(self.version) is registered with another bundle; a version never changes")
        }
    }
}
