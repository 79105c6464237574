public import ArgumentParser
import ChurnCore
import ChurnFiles

/// The treatment of rows of a customer file that repeat a customer or are not complete, and the file's encoding.
struct CustomerFileOptions: ParsableArguments {
    @Option(help: "Which row of a customer counts where they differ: error, first or last.")
    var duplicates: CustomerFilePolicy.Duplicates = .error

    @Option(
        help: """
            What becomes of rows with too few fields, or without an id or a needed label. keep: fields that are not \
            there are missing values, and rows without id or label are left out; skip: all are left out; error.
            """)
    var incomplete: CustomerFilePolicy.Incomplete = .keep

    @OptionGroup var encoding: EncodingOption

    /// The policy of a command that stores what it reads.
    var policy: CustomerFilePolicy { CustomerFilePolicy(duplicates: self.duplicates, incomplete: self.incomplete) }

    /// The policy of a command that reads many customers once: one whose number no model can read stops none of the
    /// others.
    var bulkPolicy: CustomerFilePolicy {
        var policy = self.policy
        policy.skipsUnreadableNumbers = true
        return policy
    }

    /// Says on standard error what was found in the rows of a file.
    func report(_ notes: CustomerFileNotes) {
        for sentence in notes.sentences(policy: self.policy) { ErrorReport.remark(sentence) }
    }
}

/// The encoding of a CSV file, where it cannot be found out.
struct EncodingOption: ParsableArguments {
    @Option(
        help: """
            The encoding of the file's letters: utf-8, utf-16, windows-1250, windows-1251, windows-1252, gbk or \
            shift-jis. Found out where it is UTF-8, UTF-16 with its mark, or plainly Windows-1252.
            """)
    var encoding: TextEncoding?

    /// Opens a file, a pipe, or `-` for standard input.
    func input(_ argument: String) throws -> CSVInput { try CSVInput(argument: argument, encoding: self.encoding) }
}

extension CustomerFilePolicy.Duplicates: ExpressibleByArgument {}
extension CustomerFilePolicy.Incomplete: ExpressibleByArgument {}
extension TextEncoding: ExpressibleByArgument {}
