import ChurnCore
import ChurnFiles
import Testing

@Suite("Customers' labels")
struct CustomerLabelsTests {
    private func read(_ text: String) throws -> CustomerLabels {
        try CustomerLabels.read(bytes: Array(text.utf8), name: "labels.csv", domain: .telco)
    }

    @Test("a file's labels are the domain's values or a yes or no; other columns are ignored")
    func reads() throws {
        let labels = try self.read("when,Churn,CUSTOMERID\n1,Yes,a\n2,No,b\n3,true,c\n4,0,d\n5,,e\n\n")
        #expect(labels.churned == ["a": true, "b": false, "c": true, "d": false])
    }

    @Test(
        "a wrong file is an error with the line, never with a value",
        arguments: [
            ("customerID,Left\na,Yes\n", "must name the columns 'customerID' and 'Churn'"),
            ("customerID,Churn\na,Yes\nb,secret\n", "labels.csv, line 3: a label must be 'Yes' or 'No'"),
            ("customerID,Churn\na,Yes\na,No\n", "labels.csv, line 3: a customer has two different labels"),
            ("customerID,Churn\na\n", "labels.csv, line 2: fields are missing"),
        ])
    func refuses(_ text: String, _ advice: String) throws {
        let error = try #require(throws: ChurnError.self) { try self.read(text) }
        #expect(error.advice.contains(advice))
        #expect(!error.advice.contains("secret"))
    }

    @Test("the same label twice is one label")
    func repeated() throws {
        #expect(try self.read("customerID,Churn\na,Yes\na,Yes\n").churned == ["a": true])
    }

    @Test("customers of two spellings have each their own label")
    func spellings() throws {
        var labels = CustomerLabels(domain: .telco)
        try labels.add("Yes", of: "\u{E9}", at: "here")
        try labels.add("No", of: "e\u{301}", at: "here")
        #expect(labels.churned == [CustomerKey("\u{E9}"): true, CustomerKey("e\u{301}"): false])
    }
}
