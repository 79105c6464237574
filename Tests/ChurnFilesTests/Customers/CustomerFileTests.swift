import ChurnCore
import ChurnFiles
import Foundation
import Testing

@Suite("Customer file")
struct CustomerFileTests {
    private let shop = Domain(
        name: "shop", idName: "ID", label: LabelColumn(name: "Left", positive: "yes", negative: "no"),
        schema: FeatureSchema(features: [
            Feature(name: "Spend", column: "spend", type: .numeric, encoding: .numeric),
            Feature(name: "Plan", column: "plan", type: .categorical, encoding: .oneHot, categories: ["S", "L"]),
            Feature(name: "Active", column: "active", type: .boolean, encoding: .numeric),
        ]), segmentFeature: 1, valueFeature: 0, rules: [], actions: [], bands: RiskBands())

    private func customers(
        _ text: String, label: CustomerFile.LabelRule = .optional
    ) throws -> [LabelledCustomer] {
        var file = try CustomerFile(bytes: Array(text.utf8), name: "shop.csv", domain: self.shop, label: label)
        return try file.nextChunk(of: 1_000)
    }

    @Test("columns are found by name, in any order and case, and blanks are missing values")
    func reads() throws {
        let read = try self.customers("plan,LEFT,id,ACTIVE,spend\nS,yes,a,true,1.5\n,no,b,, \n\"L\",no,c,0,-2e3\n\n")
        #expect(read.map(\.customer.id) == ["a", "b", "c"])
        #expect(read.map(\.hasChurned) == [true, false, false])
        #expect(read[0].customer.features == [.number(1.5), .text("S"), .boolean(true)])
        #expect(read[1].customer.features == [.missing, .missing, .missing])
        #expect(read[2].customer.features == [.number(-2_000), .text("L"), .boolean(false)])
    }

    @Test("without a label column customers have no label")
    func unlabelled() throws {
        #expect(try self.customers("ID,Spend,Plan,Active\na,1,S,1\n").map(\.hasChurned) == [nil])
    }

    @Test(
        "a wrong file is an error that names line and column",
        arguments: [
            ("", 1, "empty"),
            ("ID,Spend,Plan\n", 1, "column 'Active' missing"),
            ("ID,Plan\n", 1, "columns 'Spend', 'Active' missing"),
            ("ID,Spend,Plan,Active,Colour\n", 1, "column 'Colour' is not in the domain shop"),
            ("ID,Spend,Plan,Active,spend\n", 1, "column 'spend' is there twice"),
            ("ID,Spend,Plan,Active\na,1,S,1\nb,1,S,0,x\n", 3, "there are 5 fields, but the header has 4; put values"),
            ("ID,Spend,A,B,C,D\n", 1, "4 of the 6 columns are not in the domain shop ('A', 'B', 'C' and 1 more)"),
            ("ID,Spend,Plan,Active\na,secret,S,1\n", 2, "column 'Spend' is not a number"),
            ("ID,Spend,Plan,Active\na,inf,S,1\n", 2, "column 'Spend' is not a number"),
            ("ID,Spend,Plan,Active\na,0x10,S,1\n", 2, "column 'Spend' is not a number"),
            ("ID,Spend,Plan,Active\na,1e999,S,1\n", 2, "column 'Spend' is not a number"),
            ("ID,Spend,Plan,Active\na,1,S,secret\n", 2, "column 'Active' is not a yes or no"),
            ("ID,Spend,Plan,Active\na,1,S,1\nb,1,S,1\na,2,S,1\n", 4, "already on line 2"),
            ("ID,Spend,Plan,Active\n\u{E9},1,S,1\ne\u{301},1,S,1\n", 3, "column 'ID' is not in Unicode normal form C"),
            ("ID,Spend,Plan,Active,Left\na,1,S,1,secret\n", 2, "column 'Left' must be 'yes' or 'no'"),
        ])
    func refuses(_ text: String, _ line: Int, _ advice: String) throws {
        let error = try #require(throws: ChurnError.self) { try self.customers(text) }
        let codes: [String: ChurnError.Code] = [
            "already on line 2": .customerRepeated,
            "4 of the 6 columns are not in the domain shop ('A', 'B', 'C' and 1 more)": .otherDomain,
        ]
        #expect(error.code == codes[advice] ?? .invalidFile)
        #expect(error.advice.hasPrefix("shop.csv, line \(line): "))
        #expect(error.advice.contains(advice))
        #expect(!error.debugDescription.contains("secret"))
    }

    @Test("lines of separators and blanks are empty lines, with ids and without", arguments: [false, true])
    func blankLines(numbersRows: Bool) throws {
        var domain = self.shop
        domain.numbersRows = numbersRows
        let text = "ID,Spend,Plan,Active,,\n\na,1,S,1,,\n,,,,,\n \t, ,,,,\nb,2,L,0,,\n,,,,,\r\n"
        var file = try CustomerFile(bytes: Array(text.utf8), name: "shop.csv", domain: domain)
        #expect(try file.nextChunk(of: 9).map(\.customer.id) == ["a", "b"])
        #expect(file.notes == CustomerFileNotes())
    }

    @Test("in a file without ids an empty line is no customer, and rows that are equal are counted")
    func equalRows() throws {
        var domain = self.shop
        domain.numbersRows = true
        domain.idName = "number"
        let text = "Spend,Plan,Active,Left\n1,S,1,yes\n,,,\n2,S,1,no\n1.0,S,true,yes\n"
        var file = try CustomerFile(bytes: Array(text.utf8), name: "shop.csv", domain: domain, label: .required)
        #expect(try file.nextChunk(of: 9).map(\.customer.id) == ["1", "2", "3"])
        #expect(file.notes.equal.first == [5] && file.notes.withoutLabel.count == 0)
        #expect(file.notes.sentences(policy: CustomerFilePolicy()).first?.hasPrefix("1 row is equal") == true)
    }

    @Test("an id that a program took for a number is the id that it was")
    func numberedIDs() throws {
        let read = try self.customers("ID,Spend,Plan,Active\n7.0,1,S,1\n007,1,S,1\n7.5,1,S,1\nx.0,1,S,1\n.0,1,S,1\n")
        #expect(read.map(\.customer.id) == ["7", "007", "7.5", "x.0", ".0"])
        let error = try #require(throws: ChurnError.self) {
            try self.customers("ID,Spend,Plan,Active\n7,1,S,1\n7.0,2,S,1\n")
        }
        #expect(error.advice.contains("already on line 2"))
    }

    @Test("a question mark is a missing number and a category", arguments: ["?", "-", "None", "unknown"])
    func placeholders(_ text: String) throws {
        let read = try self.customers("ID,Spend,Plan,Active\na,\(text),\(text),\(text)\n")
        #expect(read[0].customer.features == [.missing, .text(text), .missing])
    }

    @Test("the second column of a name is read where the domain knows it by its number")
    func repeatedColumns() throws {
        var domain = self.shop
        domain.ignoredColumns = ["spend (2)"]
        let text = "ID,Spend,Plan,Active,Spend\na,1,S,1,9\n"
        var file = try CustomerFile(bytes: Array(text.utf8), name: "shop.csv", domain: domain)
        #expect(try file.next()?.customer.features.first == .number(1))
    }

    @Test("several values may mean that a customer stayed")
    func severalNegatives() throws {
        var domain = self.shop
        domain.label = LabelColumn(name: "Left", positive: "Gone", negative: "Stayed", otherNegatives: ["Joined"])
        func labels(_ value: String) throws -> [Bool?] {
            let text = "ID,Spend,Plan,Active,Left\na,1,S,1,gone\nb,1,S,1,STAYED\nc,1,S,1,\(value)\n"
            var file = try CustomerFile(bytes: Array(text.utf8), name: "shop.csv", domain: domain)
            return try file.nextChunk(of: 9).map(\.hasChurned)
        }
        #expect(try labels("joined") == [true, false, false])
        let error = try #require(throws: ChurnError.self) { try labels("moved") }
        #expect(error.advice == "shop.csv, line 4: column 'Left' must be 'Gone', 'Stayed' or 'Joined'")
    }

    @Test("training needs the label column")
    func labelRequired() throws {
        let error = try #require(throws: ChurnError.self) {
            try self.customers("ID,Spend,Plan,Active\na,1,S,1\n", label: .required)
        }
        #expect(error.advice == "shop.csv, line 1: column 'Left' missing")
    }

    @Test("chunks hold what is asked for and end with an empty one")
    func chunks() throws {
        let rows = (0..<5).map { "c\($0),1,S,1\n" }.joined()
        var file = try CustomerFile(
            bytes: Array(("ID,Spend,Plan,Active\n" + rows).utf8), name: "shop.csv", domain: self.shop)
        var sizes: [Int] = []
        while true {
            let chunk = try file.nextChunk(of: 2)
            sizes.append(chunk.count)
            if chunk.isEmpty { break }
        }
        #expect(sizes == [2, 2, 1, 0])
    }

    @Test(
        "the public Telco file has 7,043 customers, 1,869 of whom left, and 11 missing totals",
        .enabled(
            if: ProcessInfo.processInfo.environment["CHURN_TELCO_CSV"] != nil,
            "set CHURN_TELCO_CSV to the public Telco churn CSV to run this test"))
    func telco() throws {
        let path = try #require(ProcessInfo.processInfo.environment["CHURN_TELCO_CSV"])
        let customers = try CustomerFile.readAll(path: path, domain: .telco, label: .required)
        let total = try #require(Domain.telco.schema.index(of: "TotalCharges"))
        #expect(customers.count == 7_043)
        #expect(customers.count { $0.hasChurned == true } == 1_869)
        #expect(customers.count { $0.customer.features[total] == .missing } == 11)
    }
}
