import ChurnCore
import ChurnFiles
import Foundation
import Testing

@Suite("CSV reader")
struct CSVReaderTests {
    private func records(_ bytes: [UInt8], maximumRecordBytes: Int = 1 << 20) throws -> [[String]] {
        var reader = CSVReader(bytes: bytes, name: "t.csv", maximumRecordBytes: maximumRecordBytes)
        var records: [[String]] = []
        while let record = try reader.next() { records.append((0..<record.count).map { record.text(at: $0) }) }
        return records
    }

    @Test(
        "what RFC 4180 allows is read",
        arguments: [
            ("a,b\n1,2\n", [["a", "b"], ["1", "2"]]),
            ("a,b\r\n1,2\r\n", [["a", "b"], ["1", "2"]]),
            ("a,b\n1,2", [["a", "b"], ["1", "2"]]),
            ("\u{FEFF}a,b\n", [["a", "b"]]),
            ("\"a\",\"b, c\"\n", [["a", "b, c"]]),
            ("\"say \"\"hi\"\"\",x\n", [["say \"hi\"", "x"]]),
            ("\"two\r\nlines\",x\n", [["two\r\nlines", "x"]]),
            ("\"\",\n", [["", ""]]),
            (",\n", [["", ""]]),
            ("a\n\nb\n", [["a"], [""], ["b"]]),
            ("x\n\"\"", [["x"], [""]]),
            ("größe,名\n", [["größe", "名"]]),
            ("a,b\r1,2\r", [["a", "b"], ["1", "2"]]),
            ("sep=;\r\na;b\r\n1,5;2\r\n", [["a", "b"], ["1,5", "2"]]),
            ("SEP=|\na|b\n", [["a", "b"]]),
            ("sep=x\na,b\n", [["sep=x"], ["a", "b"]]),
            ("", []),
        ])
    func reads(_ text: String, _ expected: [[String]]) throws {
        #expect(try self.records(Array(text.utf8)) == expected)
    }

    @Test(
        "what RFC 4180 does not allow is an error with file and line",
        arguments: [
            ("a,b\n1,\"2\n3,4\n", 2, "never closed"),
            ("a,b\n1,2\"\n", 2, "field 2 ('b') has a quote inside"),
            ("a,b\n\"1\"x,2\n", 2, "follows the closing quote of field 1 ('a')"),
            ("a\"b,c\n", 1, "field 1 has a quote inside"),
            ("a,b\n1\r,2\n", 2, "carriage return"),
            ("a,b\n1,2\r", 2, "carriage return"),
            ("a\n\0\n", 2, "NUL"),
            ("a,b\n\"x\ny\",2\n3,\"\n", 4, "never closed"),
        ])
    func refuses(_ text: String, _ line: Int, _ advice: String) throws {
        let error = try #require(throws: ChurnError.self) { try self.records(Array(text.utf8)) }
        #expect(error.code == .invalidFile)
        #expect(error.advice.hasPrefix("t.csv, line \(line): "))
        #expect(error.advice.contains(advice))
    }

    private static let accented = "Größe;Kündigung\r\n\"19,90 €\";nein\r\n"

    /// A text in UTF-16 with a byte order mark.
    private static func sixteen(_ text: String, isBigEndian: Bool) -> [UInt8] {
        ("\u{FEFF}" + text).utf16.flatMap { unit in
            let pair = [UInt8(unit & 0xFF), UInt8(unit >> 8)]
            return isBigEndian ? pair.reversed() : pair
        }
    }

    @Test("UTF-16 with its mark is read", arguments: [false, true])
    func readsSixteen(isBigEndian: Bool) throws {
        let text = Self.accented + "𝄞;x\r\n"
        #expect(
            try self.records(Self.sixteen(text, isBigEndian: isBigEndian))
                == [["Größe", "Kündigung"], ["19,90 €", "nein"], ["𝄞", "x"]])
    }

    @Test("a file that is not UTF-8 is read as Windows-1252, and says from which line on")
    func readsWindows() throws {
        let letters: [Character: UInt8] = ["ö": 0xF6, "ß": 0xDF, "ü": 0xFC, "€": 0x80]
        let bytes = Self.accented.flatMap { character in letters[character].map { [$0] } ?? Array(character.utf8) }
        var reader = CSVReader(bytes: Array("a;b\n".utf8) + bytes, name: "t.csv")
        #expect(try reader.next()?.text(at: 0) == "a" && reader.firstWindowsLine == nil)
        #expect(try reader.next()?.text(at: 1) == "Kündigung")
        #expect(try reader.next()?.text(at: 0) == "19,90 €")
        #expect(reader.firstWindowsLine == 2)
    }

    @Test(
        "bytes that are letters of no one encoding are an error with file, line and column",
        arguments: [
            (hex: Array("a,b\n1,".utf8) + [0x81, 0x0A], advice: "line 2: field 2 ('b') is not UTF-8"),
            (hex: Array("a\nü\n".utf8) + [0xFF, 0x0A], advice: "line 3: field 1 ('a') is not UTF-8"),
            (hex: [0xEF, 0xBB, 0xBF, 0x61, 0x0A, 0xFF, 0x0A], advice: "line 2: field 1 ('a') is not UTF-8"),
            (
                hex: [0x61, 0x0A, 0xFF, 0x0A] + Array("ü\n".utf8),
                advice: "line 3: this line is UTF-8 and line 2 is not"
            ),
            (hex: [0xFF, 0xFE, 0x61, 0x00, 0x62], advice: "line 1: the file ends within a letter of UTF-16"),
            (hex: [0xFF, 0xFE, 0x00, 0xDC], advice: "line 1: the file begins as UTF-16 and is none here"),
            (hex: [0x50, 0x4B, 0x03, 0x04, 0x14], advice: "line 1: the file is a spreadsheet"),
            (hex: [0x1F, 0x8B, 0x08], advice: "line 1: the file is compressed with gzip"),
        ] as [(hex: [UInt8], advice: String)])
    func refusesBytes(bytes: [UInt8], advice: String) throws {
        let error = try #require(throws: ChurnError.self) { try self.records(bytes) }
        #expect(error.advice.hasPrefix("t.csv, \(advice)"))
    }

    @Test("UTF-16 is read across chunks that end within a letter")
    func sixteenInChunks() throws {
        let path = FileManager.default.temporaryDirectory.appending(path: "churn-\(UUID().uuidString).csv").path
        defer { try? FileManager.default.removeItem(atPath: path) }
        let text = "x" + (0..<40_000).map { "\($0),𝄞\n" }.joined()
        try Data(Self.sixteen(text, isBigEndian: false)).write(to: URL(fileURLWithPath: path))
        var reader = try CSVReader(path: path)
        var count = 0
        while let record = try reader.next() {
            #expect(record.text(at: 1) == "𝄞")
            count += 1
        }
        #expect(count == 40_000)
    }

    @Test("a record longer than the maximum is an error, not a growing buffer")
    func longRecord() throws {
        let bytes = Array("a\n\"".utf8) + Array(repeating: 0x78, count: 5_000)
        let error = try #require(throws: ChurnError.self) { try self.records(bytes, maximumRecordBytes: 1_000) }
        #expect(error.advice.contains("longer than 1000 bytes"))
    }

    @Test("a file larger than one chunk is read whole")
    func manyChunks() throws {
        let path = FileManager.default.temporaryDirectory.appending(path: "churn-\(UUID().uuidString).csv").path
        defer { try? FileManager.default.removeItem(atPath: path) }
        let text = (0..<60_000).map { "\($0),\"x\($0)\"\r\n" }.joined()
        try Data(text.utf8).write(to: URL(fileURLWithPath: path))
        var reader = try CSVReader(path: path)
        var count = 0
        while let record = try reader.next() {
            #expect(record.line == count + 1)
            #expect(record.text(at: 1) == "x\(count)")
            count += 1
        }
        #expect(count == 60_000)
    }

    @Test("a file that is not there is an error with its name")
    func absentFile() throws {
        let error = try #require(throws: ChurnError.self) { try CSVReader(path: "/nonexistent/x.csv") }
        #expect(error.advice == "/nonexistent/x.csv cannot be opened for reading")
    }
}
