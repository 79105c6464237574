import ChurnCore
import Testing

@testable import ChurnModel

@Suite("Feature encoder")
struct FeatureEncoderTests {
    private static let schema = FeatureSchema(features: [
        Feature(name: "Spend", column: "spend", type: .numeric, encoding: .numeric),
        Feature(name: "Plan", column: "plan", type: .categorical, encoding: .oneHot, categories: ["S", "M", "L"]),
        Feature(name: "Term", column: "term", type: .categorical, encoding: .ordinal, categories: ["1", "12"]),
        Feature(name: "Active", column: "active", type: .boolean, encoding: .numeric),
    ])

    private func encode(_ features: [FeatureValue]) throws -> [Float] {
        var output: [Float] = []
        try FeatureEncoder(spec: EncoderSpec(schema: Self.schema)).encode(features, into: &output)
        return output
    }

    @Test(
        "every kind of value becomes the columns that the spec names",
        arguments: [
            ([.number(2.5), .text("M"), .text("12"), .boolean(true)], [2.5, 0, 1, 0, 1, 1]),
            ([.number(-1), .text("S"), .text("1"), .boolean(false)], [-1, 1, 0, 0, 0, 0]),
            ([.missing, .missing, .missing, .missing], [.nan, .nan, .nan, .nan, .nan, .nan]),
            ([.number(0), .text("XXL"), .text("24"), .boolean(true)], [0, 0, 0, 0, .nan, 1]),
        ] as [([FeatureValue], [Float])])
    func encodes(_ features: [FeatureValue], _ expected: [Float]) throws {
        let encoded = try self.encode(features)
        #expect(encoded.count == expected.count)
        #expect(zip(encoded, expected).allSatisfy { $0 == $1 || ($0.isNaN && $1.isNaN) })
    }

    @Test(
        "a customer that cannot be encoded is refused, and the value is not shown",
        arguments: [
            ([.number(1), .text("S"), .text("1")], "has 3 features; the model needs 4"),
            ([.text("secret"), .text("S"), .text("1"), .missing], "feature 'Spend'"),
            ([.number(1), .number(7), .text("1"), .missing], "feature 'Plan'"),
            ([.number(1), .text("S"), .boolean(true), .missing], "feature 'Term'"),
            ([.number(1), .text("S"), .text("1"), .text("secret")], "feature 'Active'"),
            ([.number(1e300), .text("S"), .text("1"), .missing], "beyond what the model can read"),
            ([.number(.nan), .text("S"), .text("1"), .missing], "beyond what the model can read"),
        ] as [([FeatureValue], String)])
    func refuses(_ features: [FeatureValue], _ advice: String) throws {
        let error = try #require(throws: ChurnError.self) { try self.encode(features) }
        #expect(error.code == .predictionFailed)
        #expect(error.disposition == .reject)
        #expect(error.advice.contains(advice))
        #expect(!error.advice.contains("secret"))
    }

    @Test("columns are named after feature and category")
    func columns() {
        #expect(
            EncoderSpec(schema: Self.schema).columns == ["Spend", "Plan=S", "Plan=M", "Plan=L", "Term", "Active"])
    }

    @Test("categories that the domain does not list are learned, in an order that the rows do not decide")
    func learned() throws {
        var features = Self.schema.features
        features[1].categories = []
        let schema = FeatureSchema(features: features)
        var profile = FeatureProfile(schema: schema)
        for plan in ["z", "a", "ä", "m", "a"] {
            profile.take([.number(1), .text(plan), .missing, .missing])
        }
        let spec = EncoderSpec(schema: schema, learned: profile.learned)
        #expect(spec.features[1].categories == ["a", "m", "z", "ä"])
        #expect(spec.firstDifference(from: schema) == nil)
    }

    @Test("of more than 1,000 categories the most frequent are learned, and the others counted and remarked")
    func tooManyCategories() throws {
        let schema = FeatureSchema(features: [
            Feature(name: "Name", column: "name", type: .categorical, encoding: .oneHot)
        ])
        var profile = FeatureProfile(schema: schema)
        for number in 0..<2_000 { profile.take([.text("\(number)")]) }
        for number in 1_500..<2_000 { profile.take([.text("\(number)")]) }
        let learned = try #require(profile.learned[0])
        #expect(learned.count == 1_000 && Set((1_500..<2_000).map(String.init)).isSubset(of: learned))
        #expect(profile.unlisted == [1_000])
        #expect(profile.remarks.count == 1 && profile.remarks[0].contains("'Name' has 2000 categories"))
        #expect(EncoderSpec(schema: schema, learned: profile.learned).columns.count == 1_000)
    }

    @Test("a category that differs in case or blanks only is the known one, where it is the only such")
    func folded() throws {
        var features = Self.schema.features
        features[1].categories = ["Pay as you go", "XL", "xl"]
        let encoder = try FeatureEncoder(spec: EncoderSpec(schema: FeatureSchema(features: features)))
        func columns(_ text: String) throws -> [Float] {
            var output: [Float] = []
            try encoder.encode([.number(0), .text(text), .text("1"), .boolean(true)], into: &output)
            return Array(output[1...3])
        }
        #expect(try columns(" pay AS  you go ") == [1, 0, 0])
        #expect(try columns("xl") == [0, 0, 1] && columns("Xl") == [0, 0, 0])
        let rows = ["PAY AS YOU GO", "Xl", "new"].map { [FeatureValue.missing, .text($0), .missing, .missing] }
        #expect(encoder.unknownCategories(in: rows) == [0, 2, 0, 0])
    }

    @Test("every part of the schema changes the digest")
    func digests() {
        func changed(_ change: (inout [Feature]) -> Void) -> String {
            var features = Self.schema.features
            change(&features)
            return EncoderSpec(schema: FeatureSchema(features: features)).digest
        }
        let digests = [
            changed { _ in }, changed { $0[0].name = "Spent" }, changed { $0[1].categories.swapAt(0, 1) },
            changed { $0[1].categories.append("XL") }, changed { $0[1].encoding = .ordinal },
            changed { $0.swapAt(0, 1) }, changed { $0.removeLast() },
            changed { $0[1].categories = ["S", "ML"] }, changed { $0[1].categories = ["SM", "L"] },
        ]
        #expect(Set(digests).count == digests.count)
        #expect(digests[0] == changed { $0[0].column = "other" })
    }
}
