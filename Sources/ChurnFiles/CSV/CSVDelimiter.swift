import ChurnCore

/// Finds out what separates the fields of a file.
enum CSVDelimiter {
    /// In the order in which they win a tie.
    private static let candidates = [UInt8(ascii: ","), UInt8(ascii: ";"), UInt8(ascii: "\t"), UInt8(ascii: "|")]
    private static let linesRead = 20

    /// The candidate that occurs in the header and as often in most of the lines after it; a comma where there is none.
    ///
    /// What stands in quotes is not counted.
    static func detect(in bytes: ArraySlice<UInt8>) -> UInt8 {
        let lines = Self.counts(in: bytes)
        guard let header = lines.first else { return Self.candidates[0] }
        var best: (index: Int, agreeing: Int)?
        for (index, count) in header.enumerated() where count > 0 {
            let agreeing = lines.count { $0[index] == count }
            if let found = best, (found.agreeing, header[found.index]) >= (agreeing, count) { continue }
            best = (index, agreeing)
        }
        return Self.candidates[best?.index ?? 0]
    }

    /// Returns the delimiter that a first line such as `sep=;` names, which some programs write, and the line's length.
    static func said(in bytes: [UInt8]) -> (delimiter: UInt8, length: Int)? {
        guard let end = bytes.prefix(8).firstIndex(of: UInt8(ascii: "\n")) else { return nil }
        var line = bytes[..<end]
        if line.last == UInt8(ascii: "\r") { line.removeLast() }
        guard line.count == 5, let delimiter = line.last, Self.candidates.contains(delimiter),
            String(decoding: line.dropLast(), as: UTF8.self).lowercased() == "sep="
        else { return nil }
        return (delimiter, end + 1)
    }

    /// Returns the count of each candidate in each of the first lines that are not empty.
    private static func counts(in bytes: ArraySlice<UInt8>) -> [[Int]] {
        var lines: [[Int]] = []
        var counts = Self.candidates.map { _ in 0 }
        var isQuoted = false
        var isEmpty = true
        for byte in bytes {
            if byte == UInt8(ascii: "\n"), !isQuoted {
                if !isEmpty { lines.append(counts) }
                if lines.count == Self.linesRead { return lines }
                counts = Self.candidates.map { _ in 0 }
                isEmpty = true
                continue
            }
            if byte != UInt8(ascii: "\r") { isEmpty = false }
            if byte == UInt8(ascii: "\"") { isQuoted.toggle() }
            if !isQuoted, let index = Self.candidates.firstIndex(of: byte) { counts[index] += 1 }
        }
        if !isEmpty { lines.append(counts) }
        return lines
    }
}
