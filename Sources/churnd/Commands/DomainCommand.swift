import ArgumentParser
import ChurnCore
import ChurnFiles
import Foundation

/// `churnd domain`: makes domain files.
struct DomainCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "domain", abstract: "Make a domain file.", subcommands: [Infer.self])

    /// `churnd domain infer`: writes a first domain file from a CSV file of customers.
    struct Infer: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "infer", abstract: "Write a first domain file from a CSV file of customers.",
            discussion: """
                The types, categories, the label's values, the segment and the value are guessed from the file; \
                columns that are constant, ids, or made from the label are left out, each with the reason. Read the \
                result before you rely on it. Remarks go to standard error.
                """)

        @Argument(
            help: "A CSV file of customers; a pipe, or - for standard input.", completion: .file(extensions: ["csv"]))
        var file: String
        @Option(help: "The column with the customer's id. Without it rows are numbered.") var id: String?
        @Option(help: "The column that says who left.") var label: String
        @Option(help: "The label's value that means left. Guessed where it is left out.") var positive: String?
        @Option(help: "The domain's name. The file's, where it is left out.") var name: String?
        @Option(help: "The domain file to write. Standard output where it is left out.") var output: String?
        @Flag(help: "Replace the file if it is there.") var force = false
        @OptionGroup var encoding: EncodingOption

        func run() async throws {
            let input = try self.encoding.input(self.file)
            let path =
                input.isPiped ? "customers" : URL(fileURLWithPath: self.file).deletingPathExtension().lastPathComponent
            let options = DomainInferenceOptions(
                name: self.name ?? path, id: self.id, label: self.label, positive: self.positive,
                maker: "churnd domain infer")
            let inferred = try InferredDomain.infer(input, options: options)
            for remark in inferred.remarks { ErrorReport.remark(CommandAdvice.text(remark.code, remark.text)) }
            guard let output = self.output else {
                print(inferred.yaml, terminator: "")
                return
            }
            if !self.force, FileManager.default.fileExists(atPath: output) {
                throw ValidationError("\(output) is there already; choose another name or --force.")
            }
            do {
                try Data(inferred.yaml.utf8).write(to: URL(fileURLWithPath: output), options: .atomic)
            } catch {
                throw ChurnError(
                    .invalidFile, .fatal, during: "write a domain file",
                    advice: "\(output) cannot be written; check that its folder exists", underlying: error)
            }
            print(
                "wrote \(output): \(inferred.domain.schema.count) features, \(inferred.domain.ignoredColumns.count) columns left out"
            )
        }
    }
}
