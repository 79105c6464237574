import ArgumentParser
import ChurnCore
import ChurnStore

/// `churnd prune`: deletes what is older than it must be kept.
struct PruneCommand: ConfiguredCommand {
    static let about = CommandConfiguration(
        commandName: "prune",
        abstract: "Delete old updates, remembered event ids, events and statistics, a few rows at a time.",
        discussion: """
            Nothing is deleted that no option names; --recommended names all of them. May run beside the pipeline, and \
            be stopped and repeated.
            """)

    @OptionGroup var ages: PrunedAges

    func run(_ given: ConfigurationFlags) async throws {
        let deployment = try Deployment(given)
        let now = Timestamp.systemNow()
        func time(_ kind: PrunedAges.Kind) -> Timestamp? {
            self.ages.days(of: kind).map { now.advanced(by: .seconds(-$0 * 86_400)) }
        }
        let pruned = try await deployment.withStore { store in
            try await store.retention.prune(
                updateLogOlderThan: time(.updates), dedupOlderThan: time(.ids), eventsOlderThan: time(.events),
                figuresOlderThan: time(.figures), modelRecordsOlderThan: time(.models))
        }
        print(
            "deleted \(pruned.updateBlocks) blocks of updates, \(pruned.eventKeys) event ids, \(pruned.events) events")
        print(
            """
            deleted \(pruned.hours) hours of figures, \(pruned.modelCounts) counts of models, \
            \(pruned.shadowScores) challengers' scores, \(pruned.outcomes) outcomes
            """)
    }
}
