import ChurnCore
import Testing

@testable import ChurnModel

@Suite("Fold file")
struct FoldFileTests {
    private func read(_ text: String, rows: Int) throws -> [FoldColumn] {
        try FoldFile.read(bytes: Array(text.utf8), name: "folds.csv", rows: rows)
    }

    @Test("one column or several, with names or without")
    func reads() throws {
        #expect(try self.read("0\n1\n0\n", rows: 3) == [FoldColumn(name: "1", folds: [0, 1, 0])])
        #expect(
            try self.read("a,b\n0,1\n1,2\n", rows: 2) == [
                FoldColumn(name: "a", folds: [0, 1]), FoldColumn(name: "b", folds: [1, 2]),
            ])
    }

    @Test(
        "a wrong file is an error that says what is wrong",
        arguments: [
            ("0\n1\n", 3, "2 fold numbers for 3 customers"),
            ("", 3, "0 fold numbers for 3 customers"),
            ("fold\n0\nx\n", 2, "line 3 must hold 1 whole numbers"),
            ("0,1\n1\n", 2, "line 2 must hold 2 whole numbers"),
            ("0\n0\n", 2, "only one fold"),
        ])
    func refuses(_ text: String, _ rows: Int, _ advice: String) throws {
        let error = try #require(throws: ChurnError.self) { try self.read(text, rows: rows) }
        #expect(error.code == .invalidFile)
        #expect(error.advice.contains(advice))
    }
}
