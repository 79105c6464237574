import ChurnCore
import Yams

/// A fault of text in YAML, and its place.
package struct YamlProblem: Error {
    /// The line, from 1.
    package let line: Int
    /// The column, from 1.
    package let column: Int
    /// The fault.
    package let problem: String
    /// The remedy.
    package let advice: String

    init(line: Int, problem: String, advice: String) {
        (self.line, self.column, self.problem, self.advice) = (line, 1, problem, advice)
    }

    /// Makes a parser's error presentable.
    ///
    /// The parser's own description quotes the line that it stopped at, which may hold a secret; this one quotes
    /// nothing but keys.
    init(_ error: any Error, in text: String) {
        var (line, column) = (1, 1)
        var problem = "the file cannot be parsed"
        var advice = "check that it is YAML"
        switch error as? YamlError {
        case .scanner(_, let found, let mark, _), .parser(_, let found, let mark, _),
            .composer(_, let found, let mark, _):
            (line, column) = (mark.line, mark.column)
            problem = "not YAML: \(found)"
            advice = "check indentation, brackets and quotes at this line and the one before"
        case .duplicatedKeysInMapping(let keys, let context):
            (line, column) = (context.mark.line, context.mark.column)
            problem = "the key \(keys.map { "`\($0)`" }.joined(separator: ", ")) occurs more than once"
            advice = "keep one of them"
        case .reader(let found, let offset, _, _):
            line = text.prefix(offset ?? 0).count { $0.isNewline } + 1
            problem = "not YAML: \(found)"
            advice = "take the character out, or write it as an escape in double quotes"
        default: break
        }
        (self.line, self.column, self.problem, self.advice) = (line, column, problem, advice)
    }
}
