/// Lines of comma-separated values (RFC 4180) that a spreadsheet does not run.
package struct CSVText {
    private(set) var bytes: [UInt8] = []
    private var isFirst = true

    /// - Parameter withByteOrderMark: whether it is the beginning of a file that a person opens.
    init(withByteOrderMark: Bool = false) {
        if withByteOrderMark { self.bytes = [0xEF, 0xBB, 0xBF] }
    }

    /// Begins a spreadsheet's formula; the last four are the wide forms that some programs take too.
    private static let dangerous: Set<Unicode.Scalar> = [
        "=", "+", "-", "@", "\t", "\r", "\n", "\u{FF1D}", "\u{FF0B}", "\u{FF0D}", "\u{FF20}",
    ]

    /// Adds a cell of text; an apostrophe goes before what a spreadsheet would take for a formula.
    mutating func cell(_ text: String) { self.raw(Self.guarded(text)) }

    /// Returns the text as it stands in a cell.
    package static func guarded(_ text: String) -> String {
        let first = text.unicodeScalars.first { $0 != " " }
        let safe = first.map(Self.dangerous.contains) == true ? "'" + text : text
        guard safe.utf8.contains(where: { $0 == 0x22 || $0 == 0x2C || $0 == 0x0A || $0 == 0x0D }) else {
            return safe
        }
        return "\"" + safe.replacing("\"", with: "\"\"") + "\""
    }

    /// Adds a cell of our own making, such as a number.
    mutating func raw(_ text: String) {
        if !self.isFirst { self.bytes.append(UInt8(ascii: ",")) }
        self.isFirst = false
        self.bytes.append(contentsOf: text.utf8)
    }

    /// Ends the line.
    mutating func endLine() {
        self.bytes.append(contentsOf: [0x0D, 0x0A])
        self.isFirst = true
    }
}
