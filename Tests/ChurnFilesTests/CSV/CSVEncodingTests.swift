import ChurnCore
import Foundation
import Testing

@testable import ChurnFiles

@Suite("Encodings of CSV files")
struct CSVEncodingTests {
    private static func texts(_ bytes: [UInt8], _ encoding: TextEncoding?) throws -> [String] {
        var reader = CSVReader(bytes: bytes, name: "t.csv", encoding: encoding)
        var texts: [String] = []
        while let record = try reader.next() { texts += (0..<record.count).map { record.text(at: $0) } }
        return texts
    }

    /// "id,город" and two towns in Windows-1251.
    private static let cyrillic =
        Array("id,".utf8) + [0xE3, 0xEE, 0xF0, 0xEE, 0xE4, 0x0A] + Array("1,".utf8)
        + [0xCC, 0xEE, 0xF1, 0xEA, 0xE2, 0xE0, 0x0A]
    /// "Wałęsa", "Zażółć" and "Źródło" in Windows-1250.
    private static let polish =
        Array("name\nWa".utf8) + [0xB3, 0xEA] + Array("sa\nZa".utf8) + [0xBF, 0xF3, 0xB3, 0xE6, 0x0A]
        + [0x8F] + Array("r".utf8) + [0xF3] + Array("d".utf8) + [0xB3] + Array("o\n".utf8)
    /// "姓名" and "张伟" in GBK.
    private static let chinese = [0xD0, 0xD5, 0xC3, 0xFB, 0x0A, 0xD5, 0xC5, 0xCE, 0xB0, 0x0A] as [UInt8]
    /// "名前" and "カタカナ" in Shift-JIS.
    private static let japanese =
        [
            0x96, 0xBC, 0x91, 0x4F, 0x0A, 0x83, 0x4A, 0x83, 0x5E, 0x83, 0x4A, 0x83, 0x69, 0x0A,
        ] as [UInt8]

    private static let files: [(TextEncoding, [UInt8], [String])] = [
        (.windows1251, cyrillic, ["id", "город", "1", "Москва"]),
        (.windows1250, polish, ["name", "Wałęsa", "Zażółć", "Źródło"]),
        (.gbk, chinese, ["姓名", "张伟"]), (.shiftJIS, japanese, ["名前", "カタカナ"]),
    ]

    @Test("what would be a guess is asked about, and read as what it is named", arguments: Self.files)
    func named(_ encoding: TextEncoding, _ bytes: [UInt8], _ texts: [String]) throws {
        let error = try #require(throws: ChurnError.self) { try Self.texts(bytes, nil) }
        #expect(error.code == .encodingUnclear && error.advice.contains("windows-1251"))
        #expect(try Self.texts(bytes, encoding) == texts)
    }

    @Test(
        "words of Western languages are read as Windows-1252",
        arguments: [
            "Größe", "Müller", "Muñoz", "Søren", "Åse", "créée", "François", "coração", "L'été", "¿Qué?", "Ærø",
            "Þórður",
            "naïve", "m²", "£5", "«oui»", "Señora Peña", "Noël", "België", "10 °C", "ÖSTERREICH",
        ])
    func western(_ text: String) throws {
        let bytes = text.unicodeScalars.map { UInt8(truncatingIfNeeded: $0.value) }
        #expect(try Self.texts(Array("a\n".utf8) + bytes + [0x0A], nil) == ["a", text])
    }

    @Test("a letter that two chunks share is read, and half a letter at the end is refused")
    func chunks() throws {
        let decoder = try #require(TextDecoder(.gbk))
        #expect(decoder.utf8([0x61, 0xD5]) == Array("a".utf8) && decoder.isOpen)
        #expect(decoder.utf8([0xC5]) == Array("张".utf8) && !decoder.isOpen)
        #expect(throws: ChurnError.self) { try Self.texts([0x61, 0x0A, 0xD5], .gbk) }
        #expect(throws: ChurnError.self) { try Self.texts(Self.chinese, .utf8) }
    }

    @Test("a pipe is read as often as is needed, by its own name")
    func pipe() throws {
        let path = FileManager.default.temporaryDirectory.appending(path: "churn-\(UUID().uuidString)").path
        #expect(mkfifo(path, 0o600) == 0)
        defer { try? FileManager.default.removeItem(atPath: path) }
        let text = "a,b\n" + (0..<50_000).map { "\($0),x\n" }.joined()
        let writer = Thread { try? Data(text.utf8).write(to: URL(fileURLWithPath: path)) }
        writer.start()
        let input = try CSVInput(argument: path)
        #expect(input.isPiped && input.name == path)
        for _ in 0..<2 {
            var reader = try input.reader()
            var count = 0
            while try reader.next() != nil { count += 1 }
            #expect(count == 50_001)
        }
        let folder = try #require(throws: ChurnError.self) { try CSVInput(argument: "/tmp") }
        #expect(folder.advice == "/tmp is a folder")
    }
}
