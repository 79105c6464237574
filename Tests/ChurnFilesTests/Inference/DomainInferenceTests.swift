import ChurnCore
import ChurnFiles
import ChurnTesting
import Testing

@Suite("Domain inference")
struct DomainInferenceTests {
    static func infer(
        _ text: String, id: String? = nil, label: String, positive: String? = nil
    ) throws -> InferredDomain {
        try InferredDomain.infer(
            bytes: Array(text.utf8), file: "data/shop.csv",
            options: DomainInferenceOptions(name: "shop", id: id, label: label, positive: positive))
    }

    private static func types(_ domain: Domain) -> [String: FeatureType] {
        Dictionary(uniqueKeysWithValues: domain.schema.features.map { ($0.name, $0.type) })
    }

    /// Rows of a label that a coin decides, each with what `more` adds.
    private static func rows(_ count: Int = 200, _ more: (Int, Bool) -> String) -> String {
        var random = SeededRandom(seed: 7)
        return (0..<count).map { number in
            let left = random.chance(0.3)
            return "c\(number),\(["Gold", "Basic", "Pro"][random.index(below: 3)]),\(10 + random.index(below: 90)).5,"
                + "\(more(number, left)),\(left ? "yes" : "no")\n"
        }.joined()
    }

    private static func infer(column: String, _ more: (Int, Bool) -> String) throws -> InferredDomain {
        try Self.infer("Id,Plan,Fee,\(column),Left\n" + Self.rows { more($0, $1) }, id: "Id", label: "Left")
    }

    @Test("a bank's file gives types, roles and what is left out with the reason")
    func bank() throws {
        let file = BankFile(customers: 2_000, seed: 1)
        let made = try Self.infer(file.text, id: "CustomerId", label: "Exited")
        let domain = made.domain
        #expect(domain.idColumn == "customerid" && !domain.numbersRows)
        #expect(domain.label == LabelColumn(name: "Exited", positive: "1", negative: "0"))
        let segment = domain.schema.features[domain.segmentFeature]
        #expect(segment.name == "Geography" && segment.categories == ["France", "Germany", "Spain"])
        #expect(domain.valueFeature.map { domain.schema.features[$0].name } == "Balance")
        #expect(domain.ignoredColumns == ["RowNumber", "Surname"])
        #expect(made.yaml.contains("- RowNumber    # "))
        let types = Self.types(domain)
        #expect(types["HasCrCard"] == .boolean && types["Gender"] == .categorical && types["NumOfProducts"] == .numeric)
        #expect(domain.schema.features.first?.label == "Credit score")
        #expect(domain.actions.map(\.id).contains("set_is_active_member"))
        let lines = file.shortLines.prefix(3).map(String.init).joined(separator: ", ")
        #expect(made.remarks.contains { $0.text.contains("no label") && $0.text.contains(lines) })
    }

    @Test("a phone company's file without ids has its rows numbered and names that SQL can take")
    func phone() throws {
        let made = try Self.infer(PhoneFile(customers: 1_500, seed: 1).text, label: "Churn?")
        let domain = made.domain
        #expect(domain.numbersRows && domain.idColumn == "customer_number")
        #expect(domain.label == LabelColumn(name: "Churn?", positive: "True.", negative: "False."))
        #expect(domain.ignoredColumns == ["Phone number"])
        let columns = Dictionary(uniqueKeysWithValues: domain.schema.features.map { ($0.name, $0.column) })
        #expect(columns["CustServ Calls"] == "custserv_calls" && columns["VMail Plan"] == "vmail_plan")
        #expect(Self.types(domain)["Area code"] == .categorical)
        #expect(Self.types(domain)["VMail Plan"] == .boolean)
        #expect(domain.schema.features[domain.segmentFeature].categories == ["no", "yes"])
        #expect(domain.valueFeature.map { domain.schema.features[$0].name.hasSuffix("Charge") } == true)
        #expect(domain.actions.map(\.title).contains("Intl plan: no"))
    }

    /// A column, what is expected of it, and its values by row and label.
    struct ColumnCase: Sendable, CustomTestStringConvertible {
        var column: String
        var expected: String
        var value: @Sendable (Int, Bool) -> String
        var testDescription: String { "\(self.column): \(self.expected)" }

        init(_ column: String, _ expected: String, _ value: @escaping @Sendable (Int, Bool) -> String) {
            (self.column, self.expected, self.value) = (column, expected, value)
        }
    }

    private static let leftOutCases: [ColumnCase] = [
        ColumnCase("Country", "constant") { _, _ in "NL" },
        ColumnCase("Empty", "no row has a value") { _, _ in "" },
        ColumnCase("Serial", "a row number") { number, _ in "\(number + 5)" },
        ColumnCase("AccountNumber", "an id") { number, _ in "\(number * 7_919 % 100_003)" },
        ColumnCase("Token", "an id or a name") { number, _ in "x\(number)" },
        ColumnCase("Note", "names rather than kinds") { number, _ in "n\(number * 2 / 3)x" },
        ColumnCase("Zip Code", "codes of places") { number, _ in "\(10_000 + number * 7)" },
        ColumnCase("Price", "numbers that cannot be read in one way (lines 2, 3") { number, _ in
            "\"\(number % 9),5\""
        },
        ColumnCase("Since", "dates") { number, _ in "2026-01-\(10 + number % 20)" },
        ColumnCase("Reason", "leaks the label") { number, left in left ? ["price", "moved"][number % 2] : "" },
        ColumnCase("Exit fee", "only customers who left have a value") { number, left in left ? "\(number).75" : "" },
        ColumnCase("Complaint", "only customers who left have a value") { number, left in
            left && number % 3 > 0 ? ["price", "moved"][number % 2] : ""
        },
        ColumnCase("Closed", "leaks the label") { _, left in left ? "1" : "0" },
        ColumnCase("ExitScore", "leaks the label") { number, left in "\((left ? 500 : 0) + number % 97).25" },
    ]

    @Test("a column that says nothing, or too much, is left out with the reason", arguments: Self.leftOutCases)
    func leftOut(_ column: ColumnCase) throws {
        let made = try Self.infer(column: column.column, column.value)
        #expect(made.domain.ignoredColumns == [column.column])
        let lines = made.yaml.split(separator: "\n")
        #expect(lines.contains { $0.contains("- \(column.column)    #") && $0.contains(column.expected) })
    }

    private static let typeCases: [ColumnCase] = [
        ColumnCase("V", "boolean") { number, _ in ["True", "FALSE", "true"][number % 3] },
        ColumnCase("V", "boolean") { number, _ in number % 3 == 0 ? "Y" : "n" },
        ColumnCase("V", "boolean") { number, _ in number % 7 == 0 ? "" : number % 3 == 0 ? "1" : "0" },
        ColumnCase("V", "numeric") { number, _ in number % 5 == 0 ? "NA" : "\(number % 13)" },
        ColumnCase("V", "numeric") { number, _ in "\(number % 50).5e1" },
        ColumnCase("V", "categorical") { number, _ in "00\(number % 4)" },
        ColumnCase("Zip code", "categorical") { number, _ in "\(10_115 + number % 9)" },
        ColumnCase("V", "categorical") { number, _ in "größe \(number % 4)" },
        ColumnCase("V", "numeric") { number, _ in "\"$\(number % 50 + 1),234.50\"" },
        ColumnCase("V", "numeric") { number, _ in "\(number % 50 + 1) 000 EUR" },
        ColumnCase("V", "numeric") { number, _ in number % 6 == 0 ? "?" : "\(number % 17)" },
        ColumnCase("Active", "boolean") { number, _ in number % 6 == 0 ? "-" : number % 2 == 0 ? "yes" : "no" },
        ColumnCase("Tariff Plan", "categorical") { number, _ in "\(1 + number % 2)" },
        ColumnCase("Account balance", "numeric") { number, _ in "\(number * 7_919 % 100_003)" },
        ColumnCase("Number of steps", "numeric") { number, _ in "\(number * 7_919 % 100_003)" },
        ColumnCase("Plan price", "numeric") { number, _ in "\(10 + number % 2 * 5)" },
        ColumnCase("Number of plans", "numeric") { number, _ in "\(number % 4)" },
        ColumnCase("V", "numeric") { number, _ in number == 40 ? "twelve" : "\(number % 17)" },
    ]

    @Test("types follow the values", arguments: Self.typeCases)
    func typed(_ column: ColumnCase) throws {
        let types = Self.types(try Self.infer(column: column.column, column.value).domain)
        #expect(types[column.column]?.rawValue == column.expected)
    }

    @Test("a number that is none is named with its line, in the file and as a remark")
    func wrongNumber() throws {
        let made = try Self.infer(column: "V") { number, _ in number == 40 ? "twelve" : "\(number % 17)" }
        #expect(made.yaml.contains("1 value is no number (line 42): fix the file"))
        let remarks = made.remarks.map(\.text)
        #expect(remarks.contains { $0.contains("line 42") && $0.contains("column 'V' is not a number") })
        #expect(!remarks.joined().contains("twelve"))
    }

    /// A row of ten columns whose label no column predicts.
    private static func oddRow(_ number: Int) -> String {
        let kinds = ["k\(number)", "a\(number % 3)", "b\(number % 2)", "\(number % 5),5"]
        let numbers = [7, 6, 4].map { "\(number % $0)" }
        let left = number % 11 % 3 == 0
        let row = kinds + numbers + ["x\(number % 3)", "\(number % 8)", "\(number % 9)", "\(left)"]
        return row.joined(separator: ";") + "\n"
    }

    @Test("names of any kind become SQL names that differ")
    func names() throws {
        let text =
            "Kunden-Nr.;\"Größe (cm)\";größe cm;order;version;churn score;1st;Ça va?;\"two\nlines\";名前;Left\n"
            + (0..<60).map(Self.oddRow)
            .joined()
        let made = try Self.infer(text, id: "Kunden-Nr.", label: "Left")
        #expect(made.domain.idColumn == "kunden_nr")
        #expect(
            made.domain.schema.features.map(\.column) == [
                "grosse_cm", "grosse_cm_2", "order_2", "version_2", "f_churn_score", "f_1st", "ca_va", "two_lines",
                "feature",
            ])
        #expect(made.domain.schema.features.map(\.name).contains("two lines"))
        var file = try CustomerFile(bytes: Array(text.utf8), name: "t.csv", domain: made.domain, label: .required)
        let first = try #require(try file.next())
        #expect(first.customer.features[2] == .number(0.5) && first.hasChurned == true)
    }

    @Test(
        "a file of which no domain can be made is an error that says why",
        arguments: [
            ("Id,Plan,Fee,Left\n1,a,2,yes\n", "Lefd", "names no column 'Lefd'; did you mean 'Left'?"),
            ("Id Plan Fee Left\n1 a 2 yes\n", "Left", "it has one column: commas, semicolons"),
            ("Id,Plan,Fee,Left\n1,a,2,yes\n2,b,3,yes\n", "Left", "has the same value in every row"),
            ("Id,Plan,Fee,Left\n1,a,2,1\n2,b,3,\n", "Left", "1 rows have none, which counts as unknown: write 0 there"),
            ("Id,Plan,Fee,Left\n1,a,2,\n2,b,3,\n", "Left", "has no value in any row"),
            (
                "Id,Plan,Fee,Left\n1,a,2,x\n2,b,3,y\n3,b,4,z\n", "Left",
                "3 different values: 'z', 'y', 'x'; say which of them means left"
            ),
            ("Id,Plan,Fee,Left\n" + (0..<40).map { "\($0),a,2,\($0)\n" }.joined(), "Left", "has 40 different values"),
            ("Id,Plan,Fee,Left\n", "Left", "no row after the header"), ("", "Left", "the file is empty"),
            ("Id,Plan,Fee,Left\n1,a,2,yes,5\n", "Left", "line 2: there are 5 fields, but the header has 4"),
        ])
    func refuses(_ text: String, _ label: String, _ advice: String) throws {
        let error = try #require(throws: ChurnError.self) { try Self.infer(text, id: "Id", label: label) }
        #expect(error.code == (advice.contains("say which of them") ? .labelUnclear : .invalidFile))
        #expect(error.advice.contains(advice) && error.advice.contains("shop.csv"))
    }

    @Test(
        "the value that means left is found, or said",
        arguments: [
            (["Stayed", "Churned"], nil, "Churned"),
            (["Existing Customer", "Attrited Customer"], nil, "Attrited Customer"),
            (["0.0", "1.0"], nil, "1.0"), (["False.", "True."], nil, "True."), (["bleibt", "geht"], nil, "geht"),
            (["bleibt", "geht"], "bleibt", "bleibt"), (["-1", "1"], nil, "1"),
        ] as [([String], String?, String)])
    func labels(_ values: [String], _ positive: String?, _ expected: String) throws {
        let text =
            "Id,Plan,Fee,Left\n"
            + (0..<60).map { "k\($0),p\($0 % 4),\($0 % 7),\(values[$0 % 3 == 0 ? 1 : 0])\n" }.joined()
        let label = try Self.infer(text, id: "Id", label: "Left", positive: positive).domain.label
        #expect(label.positive == expected)
        #expect(values.contains(label.negative) && label.negative != label.positive)
    }

    @Test("a contract with which fewer leave, and services that hold customers, become actions with names of their own")
    func actions() throws {
        var random = SeededRandom(seed: 3)
        let rows = (0..<300).map { number in
            let contract = ["Monthly", "Yearly"][random.index(below: 2)]
            let help = ["No", "Yes", "No line"][random.index(below: 3)]
            let care = random.chance(0.5)
            let risk = 0.2 + (contract == "Monthly" ? 0.3 : 0) + (help == "No" ? 0.3 : 0) + (care ? 0 : 0.15)
            return
                "k\(number),\(contract),\(help),\(care),\(care && number % 5 > 0),\(number % 9),\(random.chance(risk) ? 1 : 0)\n"
        }.joined()
        let domain = try Self.infer(
            "Id,Contract,Help,CarePlan,Care plan,Fee,Left\n" + rows, id: "Id", label: "Left"
        ).domain
        #expect(
            domain.actions.map(\.id) == [
                "set_contract", "set_help", "set_care_plan", "set_care_plan_2", "offer_discount",
            ])
        let help = try #require(domain.actions.dropFirst().first)
        #expect(help.title == "Help: Yes" && help.effect.steps.map(\.operation) == [.set(.text("Yes"))])
        #expect(Set(domain.eventOrder).count == domain.eventOrder.count)
    }

    @Test("rows of one customer that differ are named, and the choice to make")
    func duplicates() throws {
        let text =
            "Id,Plan,Fee,Left\n" + (0..<40).map { "k\($0 % 39),p\($0 % 3),\($0 % 7),\($0 % 4 == 0 ? 1 : 0)\n" }.joined()
        let remarks = try Self.infer(text, id: "Id", label: "Left").remarks
        #expect(remarks.contains { $0.text.contains("line 41") })
        let choice = try #require(remarks.first { $0.code == .customerRepeated })
        #expect(choice.text.contains("need a choice of the first or the last row"))
    }

    @Test(
        "the first line says what the file was made from, and by what where a tool is named",
        arguments: [(nil, "# Made from "), ("tool\ninfer", "# Made by `tool infer` from ")] as [(String?, String)])
    func firstLine(_ maker: String?, _ start: String) throws {
        let rows = (0..<60).map { "k\($0),p\($0 % 3),\($0 % 7),\($0 % 4 == 0 ? 1 : 0)\n" }
        let bytes = Array(("Id,Plan,Fee,Left\n" + rows.joined()).utf8)
        let options = DomainInferenceOptions(name: "shop", id: "Id", label: "Left", maker: maker)
        let yaml = try InferredDomain.infer(bytes: bytes, file: "data/shop.csv", options: options).yaml
        #expect(yaml.hasPrefix("\(start)60 customers of shop.csv.\n"))
    }

    @Test("where no column is a number, nothing is money and codes stay codes")
    func noValue() throws {
        let rows = (0..<60).map { "k\($0),p\($0 % 3),0\($0 % 4 + 10),\($0 % 7 == 0 ? 1 : 0)\n" }
        let text = "Id,Plan,Size,Left\n" + rows.joined()
        let domain = try Self.infer(text, id: "Id", label: "Left").domain
        let size = try #require(domain.schema.features.first { $0.name == "Size" })
        #expect(size.type == .categorical && size.categories == ["010", "011", "012", "013"])
        #expect(domain.valueFeature == nil)
        let made = try Self.infer("Id,Plan,Left\n1,a,yes\n2,b,no\n3,a,no\n", id: "Id", label: "Left")
        #expect(made.domain.valueFeature == nil && made.yaml.contains("\n# value: "))
        #expect(made.remarks.contains { $0.text.contains("no figure will be of money") })
    }

    @Test("numbers beyond whole ones give no discount and no crash", arguments: ["1e300", "-1e300", "1e308"])
    func hugeNumbers(_ number: String) throws {
        let rows = (0..<60).map { "k\($0),p\($0 % 3),\(number),\(number),\($0 % 4 == 0 ? 1 : 0)\n" }
        let text = "Id,Plan,Fee,Tenure,Left\n" + "x,p1,1,2,1\n" + rows.joined()
        let domain = try Self.infer(text, id: "Id", label: "Left").domain
        #expect(!domain.actions.contains { $0.id == "offer_discount" })
    }

    @Test("a label with a control character is refused as the file's fault")
    func controlCharacter() throws {
        let rows = (0..<60).map { "k\($0),p\($0 % 3),\($0 % 7),\($0 % 4 == 0 ? "go\u{1}ne" : "stays")\n" }
        let error = try #require(throws: ChurnError.self) {
            try Self.infer("Id,Plan,Fee,Left\n" + rows.joined(), id: "Id", label: "Left")
        }
        #expect(error.code == .invalidFile)
        #expect(error.advice.contains("control character"))
    }
}
