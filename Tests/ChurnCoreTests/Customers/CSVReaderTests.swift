import ChurnCore
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
            ("", []),
        ])
    func reads(_ text: String, _ expected: [[String]]) throws {
        #expect(try self.records(Array(text.utf8)) == expected)
    }

    @Test(
        "what RFC 4180 does not allow is an error with file and line",
        arguments: [
            ("a,b\n1,\"2\n3,4\n", 2, "never closed"),
            ("a,b\n1,2\"\n", 2, "field 2 has a quote inside"),
            ("a,b\n\"1\"x,2\n", 2, "follows the closing quote of field 1"),
            ("a,b\r1,2\r", 1, "carriage return"),
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

    @Test(
        "bytes that are not UTF-8 are an error with file, line and field",
        arguments: [
            (hex: [0x61, 0x2C, 0x62, 0x0A, 0x31, 0x2C, 0xFF, 0x0A], advice: "line 2: field 2 is not UTF-8"),
            (hex: [0x61, 0x0A, 0xC3, 0x2C, 0x78, 0x0A], advice: "line 2: field 1 is not UTF-8"),
            (hex: [0xFF, 0xFE, 0x61, 0x00], advice: "line 1: the file is UTF-16; save it as UTF-8"),
        ] as [(hex: [UInt8], advice: String)])
    func refusesBytes(bytes: [UInt8], advice: String) throws {
        let error = try #require(throws: ChurnError.self) { try self.records(bytes) }
        #expect(error.advice == "t.csv, \(advice)")
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
