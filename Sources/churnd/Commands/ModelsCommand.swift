import ArgumentParser
import ChurnCore
import ChurnInsight
import ChurnModel
import ChurnStore
import Foundation

/// `churnd models`: the registry of models, and how they do.
struct ModelsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "models", abstract: "Register models, say which of them serves, and see how they do.",
        discussion: """
            A registered model does nothing until it is promoted (it serves) or challenges (it scores in the shadow, \
            and serves the share of customers that --canary names). Processes that run with --models-source registry \
            follow within seconds.
            """,
        subcommands: [
            List.self, Register.self, Promote.self, Challenge.self, Rollback.self, Archive.self, Delete.self,
            Health.self,
        ])

    struct List: ConfiguredCommand {
        static let about = CommandConfiguration(abstract: "List the models of this domain, newest first.")

        func run(_ given: ConfigurationFlags) async throws {
            let deployment = try Deployment(given)
            let models = try await deployment.withStore { try await $0.models(of: deployment.domain.name) }
            print(
                models.isEmpty
                    ? "no models; register one with `churnd models register DIR`" : ModelTables.list(models))
        }
    }

    struct Register: ConfiguredCommand {
        static let about = CommandConfiguration(
            abstract: "Check a model's folder and put it into the registry.",
            discussion: "The same bundle may be registered again; that changes nothing.")
        @Argument(help: "The folder that `churnd train` wrote.", completion: .directory) var folder: String

        func run(_ given: ConfigurationFlags) async throws {
            let deployment = try Deployment(given)
            // From the files that are stored, so that what is checked is what others will load.
            let files = try BundleFiles.read(at: self.folder)
            let predictor = try await BundleFiles.load(files, for: deployment.domain)
            let path = URL(fileURLWithPath: self.folder).standardizedFileURL.path
            let model = RegisteredModel(
                predictor, files: files, source: path, at: .now, by: ModelsCommand.actor)
            let isNew = try await deployment.withStore { try await $0.register(model, files: files) }
            print("\(isNew ? "registered" : "registered already:") \(model.version)")
        }
    }

    struct Promote: ConfiguredCommand {
        static let about = CommandConfiguration(
            abstract: "Let a model serve; the one before it is archived.")
        @Argument(help: "The version, as `churnd models list` shows it.") var version: String
        @OptionGroup var rescore: RescoreOption

        func run(_ given: ConfigurationFlags) async throws {
            try await ModelsCommand.change(.promote(self.version), given, rescores: self.rescore.isWanted)
        }
    }

    struct Challenge: ConfiguredCommand {
        static let about = CommandConfiguration(
            abstract: "Let a model score in the shadow, and serve a share of the customers if you want.")
        @Argument(help: "The version, as `churnd models list` shows it.") var version: String
        @Option(help: "The percentage of customers that it serves, by a hash of their ids: 0 to 100.")
        var canary: Double = 0

        func validate() throws {
            guard self.canary >= 0, self.canary <= 100 else {
                throw ValidationError("--canary is a percentage from 0 to 100.")
            }
        }

        func run(_ given: ConfigurationFlags) async throws {
            try await ModelsCommand.change(
                .challenge(self.version, canary: CanaryShare(self.canary / 100)), given)
        }
    }

    struct Rollback: ConfiguredCommand {
        static let about = CommandConfiguration(
            abstract: "Let the model serve again that served before the present one.")

        @OptionGroup var rescore: RescoreOption

        func run(_ given: ConfigurationFlags) async throws {
            try await ModelsCommand.change(.rollback, given, rescores: self.rescore.isWanted)
        }
    }

    struct Archive: ConfiguredCommand {
        static let about = CommandConfiguration(
            abstract: "End a challenger's work; it stays in the registry.")
        @Argument(help: "The version, as `churnd models list` shows it.") var version: String

        func run(_ given: ConfigurationFlags) async throws {
            try await ModelsCommand.change(.archive(self.version), given)
        }
    }

    struct Delete: ConfiguredCommand {
        static let about = CommandConfiguration(
            abstract: "Delete an archived model with its files.",
            discussion: """
                Refused for the champion, for the challenger, and while scores that the model made are kept: each \
                names its model. A rollback passes over a deleted model.
                """)
        @Argument(help: "The version, as `churnd models list` shows it.") var version: String

        func run(_ given: ConfigurationFlags) async throws {
            let deployment = try Deployment(given)
            let model = try await deployment.withStore {
                try await $0.delete(self.version, in: deployment.domain.name, by: ModelsCommand.actor, at: .now)
            }
            print("deleted \(model.version)")
        }
    }

    struct Health: ConfiguredCommand {
        static let about = CommandConfiguration(
            abstract: "Show how models do: by outcomes, by drift, and the challenger beside the champion.",
            discussion: "Drift is measured against the training distribution of the model that serves.")

        func run(_ given: ConfigurationFlags) async throws {
            let deployment = try Deployment(given)
            let slot = ModelSlot(deployment.hasModels ? try await deployment.lineup() : nil)
            let health = try await deployment.withStore { store in
                try await ModelHealthReport(
                    records: store, registry: store, models: slot, domain: deployment.domain,
                    configuration: deployment.judgement
                ).health(at: .now)
            }
            print(ModelTables.health(health))
        }
    }

    static var actor: String { "cli:\(NSUserName())" }

    /// Whether customers get scores of the model that serves from now on.
    struct RescoreOption: ParsableArguments {
        @Flag(
            name: .customLong("rescore"),
            help: "Have the running processes score every customer by it, in the background.")
        var isWanted = false
    }

    private static func change(
        _ change: ModelRoleChange, _ given: ConfigurationFlags, rescores: Bool = false
    ) async throws {
        let deployment = try Deployment(given)
        let (result, run) = try await deployment.withStore { store in
            let result = try await store.change(change, in: deployment.domain.name, by: Self.actor, at: .now)
            guard rescores else { return (result, RescoreRun?.none) }
            // Also where it was promoted already: a run that ended may be asked for again.
            let models = try await store.models(of: deployment.domain.name)
            guard let version = models.first(where: { $0.role == .champion })?.version else { return (result, nil) }
            let now = Timestamp.now
            let run = try await store.requestRescore(of: version, by: Self.actor, at: now) { run in
                NewAuditEntry(
                    time: now, actor: Self.actor, action: "rescore.requested", subject: run.version,
                    detail: "run_id \(run.id)")
            }
            return (result, run)
        }
        print(result.changed.isEmpty ? "nothing to change" : ModelTables.list(result.changed))
        if let run {
            print("every customer will be scored by \(run.version); see GET /api/models/rescore for how far it is")
        } else if !result.changed.isEmpty, result.changed.contains(where: { $0.role == .champion }) {
            ErrorReport.remark(
                "customers keep the scores of the model before until their next event; --rescore scores them now")
        }
    }
}
