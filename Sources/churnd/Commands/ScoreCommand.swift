import ArgumentParser
import ChurnCore
import ChurnInsight
import ChurnModel
import ChurnStore
import Foundation

/// `churnd score`: scores every customer once.
struct ScoreCommand: ConfiguredCommand {
    static let about = CommandConfiguration(
        commandName: "score", abstract: "Score every customer once, after an import or with a new model.",
        discussion: "Sends no alerts. Customers whose state moves meanwhile are skipped: their own event scores them.")

    func run(_ given: ConfigurationFlags) async throws {
        let deployment = try Deployment(given)
        let lineup = try await deployment.lineup()
        let isTerminal = isatty(1) == 1
        let now = Timestamp.systemNow()
        let unread = Locked(0)
        let count = try await deployment.withStore { store in
            let rescorer = CustomerRescorer(
                directory: store, store: store, models: lineup, domain: deployment.domain)
            return try await rescorer.run(
                at: now, progress: { done in if isTerminal { print("\(done) customers scored") } },
                skipped: { skipped in unread.withLock { $0 += skipped } })
        }
        ErrorReport.remark(unread: unread.withLock { $0 }, "scored")
        print("scored \(count - unread.withLock { $0 }) customers with model \(lineup.champion.identity.version)")
    }
}
