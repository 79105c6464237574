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
        FileDescriptors.raiseLimit()
        let line = ConfigurationArguments(Array(ProcessInfo.processInfo.arguments.dropFirst()), of: Self.self)
        do {
            try await line.run()
        } catch let error as any ClassifiedError {
            FileHandle.standardError.write(Data("churnd: \(ErrorReport.text(of: error))\n".utf8))
            Foundation.exit(1)
        } catch let error as ValidationError {
            // What a subcommand finds wrong with its flags while it runs is followed by its usage, not by the whole's.
            let usage = Self.usageString(for: line.command)
            FileHandle.standardError.write(Data("Error: \(error.message)\nUsage: \(usage)\n".utf8))
            Foundation.exit(ExitCode.validationFailure.rawValue)
        } catch {
            Self.exit(withError: error)
        }
    }
}
