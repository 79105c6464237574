import ArgumentParser

@main
struct Churnd: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "churnd",
        abstract: "Real-time churn scoring.",
        subcommands: [
            TrainCommand.self,
            PredictCommand.self,
        ])
}
