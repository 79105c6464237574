import ChurnCore
import Foundation

/// A CSV file to read, more than once where that is needed, whatever names it: a path, a pipe, or `-` for standard
/// input.
package struct CSVInput: Sendable {
    /// The path to open.
    package let path: String
    /// The name in messages.
    package let name: String
    /// The encoding that a person named; nil to find it out.
    package let encoding: TextEncoding?
    /// Whether the bytes came through a pipe.
    package let isPiped: Bool

    /// Names a file that can be read again and again.
    package init(path: String, encoding: TextEncoding? = nil) {
        self.init(path: path, name: path, encoding: encoding, isPiped: false)
    }

    private init(path: String, name: String, encoding: TextEncoding?, isPiped: Bool) {
        self.path = path
        self.name = name
        self.encoding = encoding
        self.isPiped = isPiped
    }

    /// Opens what a person named on a command line; a pipe is copied into a file without a name, which goes with the
    /// process.
    package init(argument: String, encoding: TextEncoding? = nil) throws {
        let path = argument == "-" ? "/dev/stdin" : argument
        var status = stat()
        guard stat(path, &status) == 0, status.st_mode & S_IFMT != S_IFREG else {
            self.init(path: path, encoding: encoding)
            return
        }
        guard status.st_mode & S_IFMT != S_IFDIR else { throw Self.error("\(argument) is a folder") }
        self.init(
            path: try Self.kept(path, named: argument), name: argument == "-" ? "standard input" : argument,
            encoding: encoding, isPiped: true)
    }

    /// A reader at the beginning.
    package func reader() throws -> CSVReader {
        try CSVReader(path: self.path, name: self.name, encoding: self.encoding)
    }

    /// Copies a pipe; returns a path that opens the copy from its beginning each time.
    private static func kept(_ path: String, named argument: String) throws -> String {
        guard let pipe = FileHandle(forReadingAtPath: path) else { throw Self.error("\(argument) cannot be opened") }
        var template = Array((NSTemporaryDirectory() + "churn-input.XXXXXX").utf8CString)
        let copy = mkstemp(&template)
        guard copy >= 0 else { throw Self.error("there is no room for a copy of \(argument)") }
        unlink(template)
        let file = FileHandle(fileDescriptor: copy, closeOnDealloc: false)
        do {
            while let chunk = try pipe.read(upToCount: 1 << 18), !chunk.isEmpty { try file.write(contentsOf: chunk) }
        } catch {
            throw Self.error("\(argument) cannot be read, or there is no room for a copy of it", error)
        }
        return "/dev/fd/\(copy)"
    }

    private static func error(_ advice: String, _ underlying: (any Error)? = nil) -> ChurnError {
        ChurnError(.invalidFile, .fatal, during: "open a CSV file", advice: advice, underlying: underlying)
    }
}
