import ChurnCore

/// The commands and flags that help after a failure, by its code.
///
/// Libraries say in neutral words what to do; only here is it known what that is called at the command line.
enum CommandAdvice {
    /// Returns neutral advice with the command that follows it, where there is one.
    static func text(_ code: ChurnError.Code?, _ advice: String) -> String {
        guard let command = code.flatMap({ self.commands[$0] }) else { return advice }
        return advice.isEmpty ? command : "\(advice) (\(command))"
    }

    static let commands: [ChurnError.Code: String] = [
        .migrationNeeded: "`churnd migrate`",
        .positionOutsideLog: "`churnd offsets show`, `churnd offsets reset`",
        .noModel: "`churnd models register DIR`, `churnd models promote VERSION`",
        .modelUnknown: "`churnd models list`",
        .modelIsChampion: "`churnd models promote VERSION`",
        .modelIsChallenger: "`churnd models archive VERSION`",
        .modelHasScores: "`churnd prune --events-days DAYS`",
        .otherDomain: "`--domain FILE` or CHURN_DOMAIN; `churnd domain infer FILE` makes one",
        .customerRepeated: "`--duplicates first` or `--duplicates last`",
        .idUnclear: "`--id COLUMN`",
        .labelUnclear: "`--positive VALUE`",
        .encodingUnclear: "`--encoding NAME`",
        .customersNumbered: "`--same-customers`",
        .noDashboard: "`Scripts/dashboard.sh` in the sources, `--http-dashboard FOLDER`",
    ]
}
