import ArgumentParser
import ChurnCore
import ChurnStore
import Foundation

/// `churnd prune`: deletes what is older than it must be kept.
struct PruneCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "prune", abstract: "Delete old updates, remembered event ids and events, a few rows at a time.",
        discussion: "Nothing is deleted that no option names. May run beside the pipeline, and be stopped and repeated."
    )

    @Option(help: "Delete updates older than this many days: readers cannot resume from before then.")
    var updatesDays: Double?
    @Option(help: "Forget producers' event ids older than this many days; keep at least the deduplication window (7).")
    var idsDays: Double?
    @Option(help: "Delete events and scores older than this many days.")
    var eventsDays: Double?
    @OptionGroup var process: ProcessOptions
    @OptionGroup var postgres: PostgresOptions

    func validate() throws {
        let given = [self.updatesDays, self.idsDays, self.eventsDays].compactMap { $0 }
        guard !given.isEmpty else {
            throw ValidationError("Name what to delete: --updates-days, --ids-days, --events-days.")
        }
        guard given.allSatisfy({ $0 > 0 && $0 < 100_000 }) else { throw ValidationError("Days must be above 0.") }
        if let ids = self.idsDays, ids < 7 { throw ValidationError("--ids-days must be at least 7.") }
    }

    func run() async throws {
        let deployment = try Deployment(self.process.given.merging(self.postgres.given) { $1 })
        let store = try deployment.store()
        let now = Date().timeIntervalSince1970
        func time(_ days: Double?) -> Timestamp? { days.flatMap { Timestamp(seconds: now - $0 * 86_400) } }
        do {
            let pruned = try await store.retention.prune(
                updateLogOlderThan: time(self.updatesDays), dedupOlderThan: time(self.idsDays),
                eventsOlderThan: time(self.eventsDays))
            await store.close()
            print(
                "deleted \(pruned.updateBlocks) blocks of updates, \(pruned.eventKeys) event ids, \(pruned.events) events"
            )
        } catch {
            await store.close()
            throw error
        }
    }
}
