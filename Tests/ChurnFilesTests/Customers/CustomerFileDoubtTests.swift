import ChurnCore
import Testing

@testable import ChurnFiles

@Suite("Doubts about a customer file")
struct CustomerFileDoubtTests {
    private let shop = Domain(
        name: "shop", idName: "ID", label: LabelColumn(name: "Left", positive: "yes", negative: "no"),
        schema: FeatureSchema(features: [
            Feature(name: "Spend", column: "spend", type: .numeric, encoding: .numeric),
            Feature(
                name: "Country", column: "country", type: .categorical, encoding: .oneHot,
                categories: ["France", "New Zealand", "IT", "it"]),
        ]), segmentFeature: 1, valueFeature: nil, rules: [], actions: [], bands: RiskBands())

    private func read(
        _ rows: String, skips: Bool = false
    ) throws -> (customers: [LabelledCustomer], notes: CustomerFileNotes) {
        var policy = CustomerFilePolicy()
        policy.skipsUnreadableNumbers = skips
        var file = try CustomerFile(
            bytes: Array(("ID,Spend,Country\n" + rows).utf8), name: "shop.csv", domain: self.shop, policy: policy)
        return (try file.nextChunk(of: 1_000), file.notes)
    }

    @Test("a category that differs in case or blanks only is the listed one; others are counted with their lines")
    func categories() throws {
        let (read, notes) = try self.read("a,1,france\nb,1, FRANCE \nc,1,new  zealand\nd,1,Spain\ne,1,It\nf,1,it\n")
        #expect(
            read.map { $0.customer.features[1] }
                == ["France", "France", "New Zealand", "Spain", "It", "it"].map(FeatureValue.text))
        #expect(notes.unlisted.mapValues(\.first) == ["Country": [5, 6]])
        #expect(
            notes.sentences(policy: CustomerFilePolicy()) == [
                "2 rows have a category of 'Country' that the domain does not list; it counts as none of those that it lists "
                    + "(lines 5, 6)"
            ])
    }

    @Test(
        "a number that no model reads is refused with line and column, or its row is left out and named",
        arguments: ["1.7976931348623157E308", "-1.7976931348623157E308", "1e400", "3.5e38"])
    func tooLarge(_ number: String) throws {
        let rows = "a,1,IT\nb,\(number),IT\nc,-0.0,IT\n"
        let error = try #require(throws: ChurnError.self) { try self.read(rows) }
        #expect(error.advice.hasPrefix("shop.csv, line 3: column 'Spend' is not a number that a model can read"))
        #expect(!error.advice.contains(number))
        let (read, notes) = try self.read(rows, skips: true)
        #expect(read.map(\.customer.id) == ["a", "c"] && notes.tooLarge.first == [3])
        #expect(read.last?.customer.features.first == .number(0))
    }

    @Test("an id that a spreadsheet rounded is refused", arguments: ["1.23457E+11", "4E+10", "1,2E+07"])
    func scientific(_ id: String) throws {
        let error = try #require(throws: ChurnError.self) { try self.read("\"\(id)\",1,IT\n") }
        #expect(error.advice.contains("line 2: column 'ID' has an id that a spreadsheet made a rounded number of"))
        #expect(try self.read("E+1,1,IT\n12e4,1,IT\n").customers.count == 2)
    }

    @Test("ids of which a few are shorter are doubted, since leading zeros may be lost")
    func lostZeros() throws {
        let short = (0..<200).map { "\($0 % 10 == 0 ? 1_000_000 + $0 : 30_000_000 + $0),1,IT\n" }.joined()
        let (_, notes) = try self.read(short)
        #expect(
            notes.sentences(policy: CustomerFilePolicy()).contains {
                $0.hasPrefix("20 ids have fewer digits than the 8")
            })
        let kept = (0..<200).map { "\($0 % 10 == 0 ? "01000000" : "30000000")\($0 + 100),1,IT\n" }.joined()
        #expect(try self.read(kept).notes.idDoubt == nil)
        #expect(try self.read((0..<900).map { "\($0 + 1),1,IT\n" }.joined()).notes.idDoubt == nil)
    }
}
