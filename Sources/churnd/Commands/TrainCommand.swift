import ArgumentParser
import ChurnCore
import ChurnModel
import Foundation

/// `churnd train`: makes a model bundle from a CSV file, or measures the options on given folds.
struct TrainCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "train",
        abstract: "Train a model on a CSV file of labelled customers.",
        discussion: """
            Part of the customers is held back to measure the model. The same file, domain and seed give the same \
            bundle, byte for byte. With --folds the options are measured by cross-validation first.
            """)

    @Argument(help: "A CSV file with the domain's id, features and label.", completion: .file(extensions: ["csv"]))
    var file: String

    @Option(help: "The folder that the model is written to. Without it nothing is written (needs --folds).")
    var output: String?

    @Option(help: "A CSV file of fold numbers: a line for each customer, a column for each repetition.")
    var folds: String?

    @Option(help: "The seed of splits and sampling.")
    var seed: UInt64 = 1

    @Option(help: "The form of the booster's file: ubj or json.")
    var format: BoosterFormat = .ubj

    @Option(help: "A domain file. The Telco domain where it is left out.")
    var domain: String?

    @OptionGroup(title: "Rows") var rows: CustomerFileOptions

    func validate() throws {
        if self.output == nil, self.folds == nil {
            throw ValidationError("Name a folder for the model (--output DIR) or a file of folds (--folds FILE).")
        }
    }

    func run() async throws {
        let domain = try self.domain.map { try Domain.load(path: $0) } ?? Domain.telco
        let data = try TrainingData.read(path: self.file, domain: domain, policy: self.rows.policy) {
            self.rows.report($0)
        }
        let trainer = try ModelTrainer(options: TrainingOptions(seed: self.seed, format: self.format))
        let terminal = TrainingTerminal()
        if let folds = self.folds {
            let columns = try FoldFile.read(path: folds, rows: data.count)
            let result = try await trainer.crossValidate(data, foldColumns: columns) { terminal.show($0) }
            terminal.clear()
            print(TrainingTables.crossValidation(result))
        }
        if let output = self.output {
            let bundle = try await trainer.train(data) { terminal.show($0) }
            terminal.clear()
            try bundle.write(to: output)
            print(TrainingTables.model(bundle.manifest, folder: output))
        }
    }
}

extension BoosterFormat: ExpressibleByArgument {}
