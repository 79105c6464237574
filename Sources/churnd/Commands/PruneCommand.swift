import ArgumentParser
import ChurnCore
import ChurnStore

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
        let deployment = try Deployment(self.process, self.postgres)
        let now = Timestamp.systemNow()
        func time(_ days: Double?) -> Timestamp? { days.map { now.advanced(by: .seconds(-$0 * 86_400)) } }
        let pruned = try await deployment.withStore { store in
            try await store.retention.prune(
                updateLogOlderThan: time(self.updatesDays), dedupOlderThan: time(self.idsDays),
                eventsOlderThan: time(self.eventsDays))
        }
        let (blocks, ids, events) = (pruned.updateBlocks, pruned.eventKeys, pruned.events)
        print("deleted \(blocks) blocks of updates, \(ids) event ids, \(events) events")
    }
}
