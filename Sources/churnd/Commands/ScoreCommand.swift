import ArgumentParser
import ChurnCore
import ChurnModel
import ChurnStore
import Foundation

/// `churnd score`: scores every customer once.
struct ScoreCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "score", abstract: "Score every customer once, after an import or with a new model.",
        discussion: "Sends no alerts. Customers whose state moves meanwhile are skipped: their own event scores them.")

    @OptionGroup var process: ProcessOptions
    @OptionGroup var postgres: PostgresOptions

    func run() async throws {
        let deployment = try Deployment(self.process.given.merging(self.postgres.given) { $1 })
        let predictor = try await deployment.predictor()
        let store = try deployment.store()
        let rescorer = CustomerRescorer(
            directory: store, store: store, predictor: predictor, domain: deployment.domain)
        let isTerminal = isatty(1) == 1
        let now = Timestamp(microseconds: Int64(Date().timeIntervalSince1970 * 1_000_000))
        do {
            let count = try await rescorer.run(at: now) { done in
                if isTerminal { print("\(done) customers scored") }
            }
            await store.close()
            print("scored \(count) customers with model \(predictor.model.version)")
        } catch {
            await store.close()
            throw error
        }
    }
}
