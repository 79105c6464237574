package import ChurnCore

/// The deletion of a registered model.
package struct ModelDeletion: Hashable, Sendable {
    /// The model that goes, with its files.
    package var model: RegisteredModel
    /// Models that were to roll back to it: they roll back to the champion before it.
    package var relinked: [RegisteredModel]
    /// The entry of the audit log.
    package var entry: NewAuditEntry

    /// Checks the deletion against the models of one domain.
    ///
    /// - Throws: `fatal` where there is no such model, or it works.
    package init(of version: String, from models: [RegisteredModel], by actor: String, at time: Timestamp) throws {
        guard let model = models.first(where: { $0.version == version }) else {
            throw Self.refusal(.modelUnknown, "no model of this domain has the version \(version)")
        }
        switch model.role {
        case .champion:
            throw Self.refusal(.modelIsChampion, "\(version) is the champion; promote another model first")
        case .challenger:
            throw Self.refusal(.modelIsChallenger, "\(version) is the challenger; end its work and archive it first")
        case .archived: break
        }
        self.model = model
        self.relinked = models.filter { $0.previousChampion == version }.map { follower in
            var follower = follower
            // A champion that came back is not the one before itself.
            follower.previousChampion = model.previousChampion == follower.version ? nil : model.previousChampion
            return follower
        }
        self.entry = NewAuditEntry(
            time: time, actor: actor, action: "model.deleted", subject: version,
            detail: "bundle \(model.bundle.digest)")
    }

    /// Refuses to delete a model whose scores are kept, so that every kept score names a model that can be looked at.
    package func requireNoScores(_ hasScores: Bool) throws {
        guard !hasScores else {
            throw Self.refusal(
                .modelHasScores,
                """
                scores that \(self.model.version) made are kept, and each names its model; delete it when they were \
                deleted with their events
                """)
        }
    }

    private static func refusal(_ code: ChurnError.Code, _ advice: String) -> ChurnError {
        ChurnError(code, .fatal, during: "delete a model", advice: advice)
    }
}
