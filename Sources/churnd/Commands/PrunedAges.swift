import ArgumentParser

/// The ages from which `churnd prune` deletes things.
struct PrunedAges: ParsableArguments {
    /// A kind of things that are deleted together.
    enum Kind: CaseIterable {
        case updates, ids, events, figures, models

        var option: String {
            switch self {
            case .updates: "--updates-days"
            case .ids: "--ids-days"
            case .events: "--events-days"
            case .figures: "--figures-days"
            case .models: "--models-days"
            }
        }

        /// The default time for which it is kept.
        var recommended: Double {
            switch self {
            case .updates: 7
            case .ids: 14
            case .events, .figures, .models: 400
            }
        }

        /// Below this something that reads it would lack it, and why.
        var least: (days: Double, reason: String)? {
            switch self {
            case .updates, .events: nil
            case .ids: (7, "producers' ids are recognised for 7 days")
            case .figures: (3, "the dashboard shows the last 24 hours and compares with the day before")
            case .models: (121, "an outcome of the last 30 days is held against a score up to 90 days older")
            }
        }
    }

    @Option(help: "Delete updates older than this many days: readers cannot resume from before then.")
    var updatesDays: Double?
    @Option(help: "Forget producers' event ids older than this many days; keep at least the deduplication window (7).")
    var idsDays: Double?
    @Option(help: "Delete events and scores older than this many days; below 121 the health of models lacks scores.")
    var eventsDays: Double?
    @Option(help: "Delete the dashboard's hourly figures older than this many days; at least 3.")
    var figuresDays: Double?
    @Option(
        help: "Delete models' counts, challengers' scores and outcomes older than this many days; at least 121.")
    var modelsDays: Double?
    @Flag(help: "For what no other option names: updates 7 days, ids 14, events, figures and models 400.")
    var recommended = false

    /// The age of a kind; nil where it is not to be deleted.
    func days(of kind: Kind) -> Double? {
        let given =
            switch kind {
            case .updates: self.updatesDays
            case .ids: self.idsDays
            case .events: self.eventsDays
            case .figures: self.figuresDays
            case .models: self.modelsDays
            }
        return given ?? (self.recommended ? kind.recommended : nil)
    }

    func validate() throws {
        let named = Kind.allCases.compactMap { kind in self.days(of: kind).map { (kind, $0) } }
        guard !named.isEmpty else {
            let options = Kind.allCases.map(\.option).joined(separator: ", ")
            throw ValidationError("Name what to delete: \(options), or --recommended for all.")
        }
        for (kind, days) in named {
            guard days > 0, days < 100_000 else { throw ValidationError("\(kind.option) must be above 0.") }
            if let least = kind.least, days < least.days {
                throw ValidationError("\(kind.option) must be at least \(Int(least.days)): \(least.reason).")
            }
        }
    }
}
