import ChurnCore
import Testing

@testable import ChurnFiles

@Suite("Numbers in files")
struct NumberLiteralTests {
    private static let comma = NumberMarks(delimiter: UInt8(ascii: ","))
    private static let semicolon = NumberMarks(delimiter: UInt8(ascii: ";"))
    private static let tab = NumberMarks(delimiter: 9)

    @Test(
        "with a currency and marks between thousands are read where that can mean one thing",
        arguments: [
            ("$1,234.50", comma, 1_234.5), ("-$1,234.50", comma, -1_234.5), ("$-5", comma, -5), ("$ 5", comma, 5),
            ("1,234", comma, 1_234), ("1,234,567", comma, 1_234_567), ("12,345.678", comma, 12_345.678),
            ("1 234.5", comma, 1_234.5), ("1'234.50 CHF", comma, 1_234.5), ("USD 12", comma, 12),
            ("12.50\u{20AC}", comma, 12.5),
            ("\u{2212}3.5", comma, -3.5), ("\u{A3}0.125", tab, nil), ("+1,000", comma, 1_000),
            ("1 234,50 EUR", semicolon, 1_234.5), ("1\u{202F}234,50\u{A0}\u{20AC}", semicolon, 1_234.5),
            ("12,5", semicolon, 12.5),
            ("1'234.50", semicolon, 1_234.5), ("1,234", semicolon, 1.234), ("\u{20AC}12,50", semicolon, 12.5),
            ("1.234", semicolon, 1.234), ("1,5e3", semicolon, 1_500), ("$12.50", semicolon, 12.5),
            ("5%", comma, 5), ("12.5%", comma, 12.5), ("-12.5 %", comma, -12.5), ("1,234.5%", comma, 1_234.5),
            ("12,5 %", semicolon, 12.5), ("-0", comma, 0), ("-0.0", comma, 0), ("3.4e38", comma, 3.4e38),
            ("1,234.50", tab, 1_234.5), ("1,234,567", tab, 1_234_567), ("$12.50", tab, 12.5), ("1 234", tab, 1_234),
        ] as [(String, NumberMarks, Double?)])
    func read(_ text: String, _ marks: NumberMarks, _ number: Double?) {
        #expect(CSVField.number(text, marks: marks) == number)
    }

    @Test(
        "that can mean two things, or are written as no number is, are not read",
        arguments: [
            ("12,5", comma), ("1 234,50 EUR", comma), ("1.234,50", comma), ("1,23,456", comma), ("0,512", comma),
            ("1,2345", comma), ("1234,567", comma), ("1,234 567", comma), ("1.234.567", comma),
            ("\u{20AC}1.234", comma),
            ("1.234,50", semicolon), ("1,234.50", semicolon), ("1.234.567", semicolon), ("$1,234", semicolon),
            ("1,234", tab), ("12,5", tab), ("1.234,50", tab),
            ("$", comma), ("$$5", comma), ("$5 USD", comma), ("--5", comma), ("-$-5", comma), ("(5)", comma),
            ("5%%", comma), ("%5", comma), ("$5%", comma), ("12,5%", comma),
            ("1, 234", comma), ("1  234", comma), (",5", comma), ("5,", comma), ("EURO 5", comma), ("XYZ 5", comma),
            ("1.7976931348623157E308", comma), ("-1.7976931348623157E308", comma), ("3.5e38", comma), ("1e400", comma),
            ("inf", comma), ("$nan", comma), ("$1e5", comma), ("1 2 3", comma), ("\u{661}", comma),
        ])
    func refused(_ text: String, _ marks: NumberMarks) {
        #expect(CSVField.number(text, marks: marks) == nil)
    }

    @Test(
        "that are refused in a file are named by line and column, with how to write them",
        arguments: [
            ("id,Spend\na,\"1,234\"\nb,\"12,5\"\n", 3, "a comma groups thousands"),
            ("id;Spend\na;12,5\nb;1.234,50\n", 3, "neither groups thousands"),
            ("id\tSpend\na\t1.5\nb\t1,234\n", 3, "may mean either"),
            ("id,Spend\na,1\nb,much\n", 3, "is not a number"),
        ])
    func files(_ text: String, _ line: Int, _ advice: String) throws {
        let domain = Domain(
            name: "shop", idName: "ID", label: LabelColumn(name: "Left", positive: "yes", negative: "no"),
            schema: FeatureSchema(features: [
                Feature(name: "Spend", column: "spend", type: .numeric, encoding: .numeric)
            ]), segmentFeature: 0, valueFeature: 0, rules: [], actions: [], bands: RiskBands())
        let error = try #require(throws: ChurnError.self) {
            var file = try CustomerFile(bytes: Array(text.utf8), name: "shop.csv", domain: domain)
            _ = try file.nextChunk(of: 10)
        }
        #expect(error.advice.hasPrefix("shop.csv, line \(line): column 'Spend' is not a number"))
        #expect(error.advice.contains(advice))
    }
}
