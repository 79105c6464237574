import ArgumentParser
import ChurnCore
import ChurnFiles
import ChurnModel
import ChurnServe

/// `churnd predict`: scores a CSV file of customers and prints CSV.
struct PredictCommand: ConfiguredCommand {
    static let about = CommandConfiguration(
        commandName: "predict",
        abstract: "Score the customers of a CSV file with the model of a folder (--model); prints id,probability.")

    @Argument(
        help: "A CSV file with the domain's id and features; a pipe, or - for standard input.",
        completion: .file(extensions: ["csv"]))
    var file: String

    @Flag(help: "Print the booster's own scores, before calibration.")
    var uncalibrated = false

    @OptionGroup(title: "Rows") var rows: CustomerFileOptions

    func run(_ given: ConfigurationFlags) async throws {
        let configuration = try DaemonConfiguration(flags: given)
        let domain = try configuration.loadDomain()
        let predictor = try await XGBoostPredictor.load(at: configuration.required(\.model), for: domain)
        var customers = try CustomerFile(
            self.rows.encoding.input(self.file), domain: domain, policy: self.rows.bulkPolicy)
        let encoder = try FeatureEncoder(spec: predictor.manifest.encoder)
        var unknown = UnknownCategories(domain.schema)
        try StandardOutput.write([UInt8]("id,probability\n".utf8))
        while true {
            let chunk = try customers.nextChunk(of: 4_096)
            if chunk.isEmpty {
                self.rows.report(customers.notes)
                unknown.report()
                return
            }
            let rows = chunk.map(\.customer.features)
            unknown.add(encoder.unknownCategories(in: rows))
            let scores =
                self.uncalibrated ? try await predictor.boosterScores(rows) : try await predictor.predict(rows)
            var lines: [UInt8] = []
            for (row, score) in zip(chunk, scores) {
                lines += CSVText.guarded(row.customer.id).utf8
                // In single precision: the shortest text that reads back as the same bits.
                lines += ",\(Float(score))\n".utf8
            }
            try StandardOutput.write(lines)
        }
    }
}
