import ArgumentParser
import ChurnCore
import Foundation

/// The reference daemon and its tools; each subcommand is a file under Commands.
@main
struct Churnd: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "churnd",
        abstract: "Real-time churn scoring: events in, scores and alerts out, each counted once.",
        subcommands: [
            DemoCommand.self, RunCommand.self, DomainCommand.self, MigrateCommand.self, ImportCommand.self,
            TrainCommand.self, ModelsCommand.self, OutcomesCommand.self, PredictCommand.self, ScoreCommand.self,
            ExplainCommand.self, SimulateCommand.self, SimulateActionsCommand.self, PopulationCommand.self,
            DeadLettersCommand.self, OffsetsCommand.self, KeysCommand.self, PruneCommand.self,
            CheckCommand.self,
        ])

    /// Runs the command line; an error of ours is printed as what is wrong and what to do, and ends with status 1.
    static func main() async {
        // Before anything is written: a reader of the log that goes away must not end the process.
        signal(SIGPIPE, SIG_IGN)
        FileDescriptors.raiseLimit()
        let line = ConfigurationArguments(Array(ProcessInfo.processInfo.arguments.dropFirst()), of: Self.self)
        do {
            try await line.run()
        } catch let error as any ClassifiedError {
            StandardError.write("churnd: \(ErrorReport.text(of: error))\n")
            Foundation.exit(1)
        } catch let error as ValidationError {
            // What a subcommand finds wrong with its flags while it runs is followed by its usage, not by the whole's.
            let usage = Self.usageString(for: line.command)
            StandardError.write("Error: \(error.message)\nUsage: \(usage)\n")
            Foundation.exit(ExitCode.validationFailure.rawValue)
        } catch is StandardOutput.ReaderGone {
            Foundation.exit(1)
        } catch {
            Self.exit(withError: error)
        }
    }
}
