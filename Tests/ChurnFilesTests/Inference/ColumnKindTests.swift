import ChurnCore
import ChurnTesting
import Testing

@testable import ChurnFiles

@Suite("Kinds of columns")
struct ColumnKindTests {
    private static func infer(
        _ column: String, rows: Int = 300, _ value: (Int, inout SeededRandom) -> String
    ) throws -> InferredDomain {
        var random = SeededRandom(seed: 4)
        let lines = (0..<rows).map { number in
            "c\(number),p\(random.index(below: 3)),\(10 + random.index(below: 90)).5,\(value(number, &random)),"
                + "\(random.chance(0.3) ? 1 : 0)\n"
        }
        return try InferredDomain.infer(
            bytes: Array(("Id,Plan,Visits,\(column),Left\n" + lines.joined()).utf8), file: "shop.csv",
            options: DomainInferenceOptions(name: "shop", id: "Id", label: "Left"))
    }

    /// A column, the reason that it is left out for, and its values.
    struct LeftOut: Sendable, CustomTestStringConvertible {
        var reason: String
        var column = "V"
        var value: @Sendable (Int, inout SeededRandom) -> String
        var testDescription: String { "\(self.column): \(self.reason)" }
    }

    private static let leftOutCases: [LeftOut] = [
        LeftOut(reason: "dates: ") { number, _ in "\(10 + number % 18) Jan 20\(10 + number % 9)" },
        LeftOut(reason: "dates: ") { number, _ in "Mar \(1 + number % 28) 2020" },
        LeftOut(reason: "dates: ") { number, _ in "\(13 + number % 15)/0\(1 + number % 9)/2020" },
        LeftOut(reason: "dates: ") { number, _ in "2020-0\(1 + number % 9)-11T10:11:12Z" },
        LeftOut(reason: "seconds since 1970", column: "Joined") { _, random in
            "\(1_500_000_000 + random.index(below: 9_000_000))"
        },
        LeftOut(reason: "milliseconds since 1970") { _, random in
            "\(1_500_000_000_123 + random.index(below: 9_000_000_000))"
        },
        LeftOut(reason: "year, month and day in one number", column: "Start date") { number, _ in
            "202\(number % 5)0\(1 + number % 9)\(10 + number % 18)"
        },
        LeftOut(reason: "by the same step") { number, _ in "\(1_000 + number * 7)" },
        LeftOut(reason: "ten digits or more: an id") { _, random in
            "\(4_000_000_000 + random.index(below: 5_000_000_000))"
        },
    ]

    @Test("dates, steps and long numbers are no features", arguments: Self.leftOutCases)
    func leftOut(_ column: LeftOut) throws {
        let made = try Self.infer(column.column, column.value)
        #expect(made.domain.ignoredColumns == [column.column])
        #expect(
            made.yaml.split(separator: "\n").contains {
                $0.contains("- \(column.column)    #") && $0.contains(column.reason)
            })
    }

    @Test("dates of which either number may be the day are remarked")
    func ambiguousDates() throws {
        let made = try Self.infer("Since") { number, _ in "0\(1 + number % 9)/0\(1 + number % 8)/2020" }
        #expect(
            made.remarks.contains { $0.text.contains("'Since' has dates of which the first number may be the day or") })
    }

    @Test("spellings that differ in case or blanks only are one category")
    func spellings() throws {
        let made = try Self.infer("Country") { number, _ in
            ["France", "France", "france", "New  York", "Spain"][number % 5]
        }
        let country = try #require(made.domain.schema.features.first { $0.name == "Country" })
        #expect(country.categories == ["France", "New  York", "Spain"])
        #expect(made.remarks.contains { $0.text.contains("'France' and 'france'; they are read as one category") })
        #expect(!made.remarks.contains { $0.text.contains("does not list") })
    }

    @Test("percentages are numbers, and a column with and without the sign is remarked")
    func percentages() throws {
        let made = try Self.infer("Share") { number, _ in "\(number % 40).5%" }
        #expect(made.domain.schema.features.first { $0.name == "Share" }?.type == .numeric)
        #expect(!made.remarks.contains { $0.text.contains("percent") })
        let mixed = try Self.infer("Share") { number, _ in "\(number % 40).5\(number % 2 == 0 ? "%" : "")" }
        #expect(mixed.remarks.contains { $0.text.contains("with a percent sign and without") })
    }

    @Test("of thousands of categories the most frequent are listed where they are most of the rows")
    func manyCategories() throws {
        let made = try Self.infer("Shop", rows: 20_000) { number, random in
            random.chance(0.7) ? "shop \(random.index(below: 150))" : "shop \(1_000 + random.index(below: 5_000))"
        }
        let shop = try #require(made.domain.schema.features.first { $0.name == "Shop" })
        #expect(shop.categories.count == 200 && shop.categories.contains("shop 149"))
        #expect(made.remarks.contains { $0.text.contains("category of 'Shop' that the domain does not list") })
    }

    @Test("columns that are equal but for rounding are remarked")
    func nearlyEqual() throws {
        let made = try Self.infer("Fee,Fee rounded") { _, random in
            let fee = Double(random.index(below: 9_000)) / 100
            return "\(fee),\(Int(fee.rounded()))"
        }
        #expect(
            made.remarks.contains("columns 'Fee' and 'Fee rounded' are equal but for rounding: leave one of them out"))
        let other = try Self.infer("Fee,Other") { _, random in
            "\(random.index(below: 90)).25,\(random.index(below: 90))"
        }
        #expect(!other.remarks.contains { $0.text.contains("rounding") })
    }

    @Test("more features than a table of PostgreSQL holds are refused with the limit", arguments: [1_100, 1_700])
    func wide(_ count: Int) throws {
        let names = (0..<count).map { "f\($0)" }.joined(separator: ",")
        let error = try #require(throws: ChurnError.self) {
            try Self.infer(names, rows: 60) { _, random in
                (0..<count).map { _ in "\(random.index(below: 9_000)).5" }.joined(separator: ",")
            }
        }
        #expect(error.code == .invalidFile)
        #expect(error.advice.contains(count == 1_100 ? "at most 8160" : "at most 1600"))
        let yaml = try Self.infer("f", rows: 60) { _, random in "\(random.index(below: 900)).5" }.yaml
        let more = (0..<count).map { "  - {name: g\($0), type: numeric}" }.joined(separator: "\n")
        let wide = yaml.replacing("features:\n", with: "features:\n\(more)\n")
        let fault = try #require(throws: DomainFileError.self) { try Domain(yaml: wide) }
        #expect("\(fault)".contains(count == 1_100 ? "at most 8160" : "at most 1600"))
    }
}
