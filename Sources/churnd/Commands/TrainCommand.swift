public import ArgumentParser
import ChurnCore
import ChurnFiles
import ChurnModel
import Foundation

/// `churnd train`: makes a model bundle from labelled customers, or measures the procedure on given folds.
struct TrainCommand: ConfiguredCommand {
    static let about = CommandConfiguration(
        commandName: "train",
        abstract: "Train a model on labelled customers of a CSV file or the database.",
        discussion: """
            The number of trees and the calibration are learned on folds, the model then from all customers; the report \
            in the model's folder says how it did on folds that it had not seen. The same customers, domain, options and \
            seed give the same bundle, byte for byte. With --folds the whole procedure, a search included, is measured \
            on given folds first.
            """)

    @OptionGroup var source: TrainingSource

    @Option(help: "The folder that the model is written to. Without it nothing is written (needs --folds).")
    var output: String?

    @Option(help: "A CSV file of fold numbers: a line for each customer, a column for each repetition.")
    var folds: String?

    @Option(help: "With --folds: write each customer's probability, a column for each repetition, to this CSV file.")
    var predictions: String?

    @Option(help: "The seed of folds, search and sampling.")
    var seed: UInt64 = 1

    @Option(help: "The form of the booster's file: ubj or json.")
    var format: BoosterFormat = .ubj

    @OptionGroup(title: "Training options") var flags: TrainingFlags

    func validate() throws {
        if self.output == nil, self.folds == nil {
            throw ValidationError("Name a folder for the model (--output DIR) or a file of folds (--folds FILE).")
        }
    }

    func run(_ given: ConfigurationFlags) async throws {
        let domain = try DaemonConfiguration(flags: given).loadDomain()
        var settings = domain.training.overridden(by: try self.flags.settings)
        settings.search = try self.flags.search(over: domain.training.search)
        let trainer = try ModelTrainer(
            options: TrainingOptions(settings, seed: self.seed, format: self.format))
        let data = try await self.source.read(domain, given)
        for remark in data.remarks { ErrorReport.remark(remark) }
        if let doubt = TrainingTables.doubt(trainer.options) { ErrorReport.remark(doubt) }
        let terminal = TrainingTerminal()
        if let folds = self.folds {
            let columns = try FoldFile.read(CSVInput(argument: folds), rows: data.count)
            let result = try await trainer.crossValidate(data, foldColumns: columns) { terminal.show($0) }
            terminal.clear()
            print(TrainingTables.crossValidation(result))
            if let predictions = self.predictions { try Self.write(result, to: predictions) }
        }
        if let output = self.output {
            let bundle = try await trainer.train(data) { terminal.show($0) }
            terminal.clear()
            try bundle.write(to: output)
            print(TrainingTables.model(bundle.manifest, folder: output))
            if let doubt = TrainingTables.doubt(auc: bundle.manifest.metrics.auc) { ErrorReport.remark(doubt) }
        }
    }

    private static func write(_ result: CrossValidation, to path: String) throws {
        let columns = result.repetitions
        var text = columns.map(\.column).joined(separator: ",") + "\n"
        for row in 0..<(columns.first?.probabilities.count ?? 0) {
            text += columns.map { "\($0.probabilities[row])" }.joined(separator: ",") + "\n"
        }
        do {
            try Data(text.utf8).write(to: URL(fileURLWithPath: path), options: .atomic)
        } catch {
            throw ChurnError(
                .invalidFile, .fatal, during: "write predictions",
                advice: "\(path) cannot be written; check that its folder exists", underlying: error)
        }
    }
}

extension BoosterFormat: ExpressibleByArgument {}
