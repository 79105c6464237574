import ChurnCore
import ChurnFiles
import Testing

extension DomainInferenceTests {
    @Test("of several values one may mean left, and the others that customers stayed")
    func severalNegatives() throws {
        let values = ["Stayed", "Stayed", "Joined", "Churned"]
        let text =
            "Customer ID,Plan,Fee,Status\n"
            + (0..<80).map { "k\($0),p\($0 % 5),\($0 % 7),\(values[$0 % 4])\n" }.joined()
        let made = try Self.infer(text, id: "Customer ID", label: "Status")
        #expect(
            made.domain.label
                == LabelColumn(name: "Status", positive: "Churned", negative: "Stayed", otherNegatives: ["Joined"]))
        #expect(made.remarks.contains { $0.text.hasPrefix("label 'Churned' means left: a guess") })
        #expect(made.domain.idColumn == "customerid")
        let chosen = try Self.infer(text, id: "Customer ID", label: "Status", positive: "Joined").domain.label
        #expect(chosen.positive == "Joined" && Set(chosen.negatives) == ["Stayed", "Churned"])
    }

    @Test("a name of capitals only stays, and the time as a customer is a guess only where it may be months")
    func namesAndTime() throws {
        func infer(_ largest: Int, _ name: String) throws -> InferredDomain {
            let rows = (0..<60).map {
                "k\($0),p\($0 % 3),\($0 % 30 * largest / 29),\($0 % 13),\($0 % 2),\($0 % 4 / 3)\n"
            }
            return try Self.infer("Id,Plan,\(name),CLTV,IsMember,Left\n" + rows.joined(), id: "Id", label: "Left")
        }
        let made = try infer(243, "Account length")
        #expect(made.domain.tenureFeature == nil && made.yaml.contains("# tenure: Account length"))
        #expect(try infer(72, "Account length").domain.tenureFeature != nil)
        #expect(try infer(243, "Tenure").domain.tenureFeature != nil)
        #expect(try infer(10, "Tenure").domain.tenureFeature == nil)
        #expect(made.domain.schema.features.map(\.label) == ["Plan", "Account length", "CLTV", "Member"])
    }

    @Test("a sheet that was joined has each column once, whatever it is called")
    func joined() throws {
        let rows = (0..<60).map {
            "k\($0),\($0 % 11),p\($0 % 3),\($0 % 7).5,k\($0),\($0 % 11).0,\($0 % 5),\($0 % 4 / 3)\n"
        }
        let text = "Id,Tenure,Plan,Fee,Id,Tenure,fee,Left\n" + rows.joined()
        let made = try Self.infer(text, id: "Id", label: "Left")
        #expect(made.domain.ignoredColumns == ["Id (2)", "Tenure (2)"])
        #expect(made.domain.schema.features.map(\.name) == ["Tenure", "Plan", "Fee", "fee (2)"])
        #expect(made.domain.schema.features.map(\.column) == ["tenure", "plan", "fee", "fee_2"])
        #expect(made.remarks.contains("column 'fee' is there more than once; the later one is called 'fee (2)'"))
        var file = try CustomerFile(bytes: Array(text.utf8), name: "t.csv", domain: made.domain, label: .required)
        #expect(try file.nextChunk(of: 99).count == 60)
    }

    @Test("what looks wrong in a column is reported")
    func remarks() throws {
        let countries = ["France", "FRA", "Spain"]
        let rows = (0..<90).map { number in
            let salary = number % 9 == 0 ? "-€999999" : "€\(number * 100)"
            return "\(number * 7_919 % 100_003),\(countries[number % 3]),p\(number % 4),\(salary),\(number % 4 / 3)\n"
        }
        let text = "CustomerId,Country,Plan,Salary,Left\n" + rows.joined()
        let remarks = try Self.infer(text, label: "Left").remarks
        let unclear = try #require(remarks.first { $0.code == .idUnclear })
        #expect(
            unclear.text == "column 'CustomerId' looks like the customer's id; if it is, infer again with it as the id")
        #expect(remarks.contains { $0.text.contains("column 'Country' has both 'FRA' and 'France'") })
        #expect(remarks.contains { $0.text.contains("column 'Salary': 10 rows have -999999, far from all others") })
        let named = try Self.infer(text, id: "CustomerId", label: "Left").remarks
        #expect(!named.contains { $0.code == .idUnclear || $0.text.contains("looks like the customer's id") })
    }

    @Test("an id column that few customers share is doubted")
    func crowdedID() throws {
        let rows = (0..<180).map { "\($0),c\($0 % 40),p\($0 % 3),\($0 % 17),\($0 % 7 / 6)\n" }
        let text = "Serial,Country,Plan,Fee,Left\n" + rows.joined()
        let remarks = try Self.infer(text, id: "Country", label: "Left").remarks
        #expect(remarks.contains { $0.text.contains("column 'Country' has 40 different values in 180 rows") })
        #expect(try Self.infer(text, id: "Serial", label: "Left").remarks.isEmpty)
    }

    @Test(
        "the value is money where a column's name says so",
        arguments: [
            (["Account length", "Charge Amount", "Customer Age"], "Charge Amount"),
            (["Subscription Length", "Balance", "Score"], "Balance"),
            (["Months_on_book", "Credit_Limit", "Total_Trans_Amt"], "Total_Trans_Amt"),
            (["Zip", "Latitude", "CLTV"], "CLTV"),
        ])
    func value(_ columns: [String], _ expected: String) throws {
        let rows = (0..<60).map { "k\($0),p\($0 % 3),\($0 % 31).5,\($0 % 13).5,\($0 % 17).5,\($0 % 4 / 3)\n" }
        let text = "Id,Plan,\(columns.joined(separator: ",")),Left\n" + rows.joined()
        let domain = try Self.infer(text, id: "Id", label: "Left").domain
        #expect(domain.valueFeature.map { domain.schema.features[$0].name } == expected)
    }
}
