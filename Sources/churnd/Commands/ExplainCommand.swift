import ArgumentParser
import ChurnCore
import ChurnInsight
import ChurnModel
import ChurnStore
import Foundation

/// `churnd explain`: why a customer has its score, or what matters to the model over all customers.
struct ExplainCommand: ConfiguredCommand {
    static let about = CommandConfiguration(
        commandName: "explain", abstract: "Say why a customer has its score, or what matters to the model.",
        discussion: """
            Contributions are SHAP values in log-odds, of the score before any calibration. --summary explains every \
            customer and replaces the model's rows in shap_summary and shap_segments in one transaction.
            """)

    @Option(help: "Explain this customer's score.") var customer: String?
    @Option(help: "Explain all customers of a CSV file; prints CSV.", completion: .file(extensions: ["csv"]))
    var file: String?
    @Flag(help: "Compute how much each feature matters over all customers.") var summary = false
    @Flag(help: "Print JSON.") var json = false

    func validate() throws {
        guard [self.customer != nil, self.file != nil, self.summary].count(where: { $0 }) == 1 else {
            throw ValidationError("Name a customer (--customer ID) or a file (--file FILE.csv), or ask for --summary.")
        }
    }

    func run(_ given: ConfigurationFlags) async throws {
        let deployment = try Deployment(given)
        let lineup = try await deployment.lineup()
        if let file = self.file {
            return try await ExplainedFile(path: file, domain: deployment.domain).print(by: lineup.champion.predictor)
        }
        try await deployment.withStore { store in
            if let customer = self.customer {
                try await self.explain(customer, in: store, deployment.domain, lineup)
            } else {
                try await self.summarise(store, deployment.domain, lineup)
            }
        }
    }

    private func explain(
        _ id: String, in store: PostgresStore, _ domain: Domain, _ lineup: ModelLineup
    ) async throws {
        guard let state = try await store.states(for: [id])[id] else {
            throw ChurnError.noCustomer(id, during: "explain a score")
        }
        let predictor = lineup.model(for: id).predictor
        guard let explanation = try await predictor.explainer?.explain([state.features]).first,
            let probability = try await predictor.predict([state.features]).first
        else {
            throw ChurnError(
                .predictionFailed, .fatal, during: "explain a score", advice: "this model has no explainer")
        }
        let text = ExplanationText(
            customerID: id, features: state.features, probability: probability, explanation: explanation,
            modelVersion: predictor.model.version, domain: domain)
        print(self.json ? try text.json : text.table)
    }

    private func summarise(_ store: PostgresStore, _ domain: Domain, _ lineup: ModelLineup) async throws {
        let total = try await store.customerCount()
        let bar = ProgressBar(label: "explaining customers", total: total)
        let now = Timestamp(microseconds: Int64(Date().timeIntervalSince1970 * 1_000_000))
        let profile = ImportanceProfile(directory: store, states: store, domain: domain)
        let unread = Locked(0)
        let summary = try await profile.run(
            lineup.champion.predictor, at: now, progress: { bar.show($0) },
            skipped: { skipped in unread.withLock { $0 += skipped } })
        try await store.replaceImportances(summary)
        bar.clear()
        ErrorReport.remark(unread: unread.withLock { $0 }, "explained")
        print(try self.json ? SummaryText.json(summary, domain) : SummaryText.table(summary, domain))
    }
}
