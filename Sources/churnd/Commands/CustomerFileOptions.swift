import ArgumentParser
import ChurnCore
import ChurnFiles

/// The treatment of rows of a customer file that repeat a customer or are not complete.
struct CustomerFileOptions: ParsableArguments {
    @Option(help: "Which row of a customer counts where they differ: error, first or last.")
    var duplicates: CustomerFilePolicy.Duplicates = .error

    @Option(
        help: """
            What becomes of rows with too few fields, or without an id or a needed label. keep: fields that are not \
            there are missing values, and rows without id or label are left out; skip: all are left out; error.
            """)
    var incomplete: CustomerFilePolicy.Incomplete = .keep

    var policy: CustomerFilePolicy { CustomerFilePolicy(duplicates: self.duplicates, incomplete: self.incomplete) }

    /// Says on standard error what was found in the rows of a file.
    func report(_ notes: CustomerFileNotes) {
        for sentence in notes.sentences(policy: self.policy) { ErrorReport.remark(sentence) }
    }
}

extension CustomerFilePolicy.Duplicates: ExpressibleByArgument {}
extension CustomerFilePolicy.Incomplete: ExpressibleByArgument {}
