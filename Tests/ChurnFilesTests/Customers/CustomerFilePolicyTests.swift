import ChurnCore
import ChurnFiles
import Testing

@Suite("Customer file policies")
struct CustomerFilePolicyTests {
    private static func shop(numbersRows: Bool = false) -> Domain {
        Domain(
            name: "shop", idName: "ID", label: LabelColumn(name: "Left", positive: "True.", negative: "False."),
            schema: FeatureSchema(features: [
                Feature(name: "Spend", column: "spend", type: .numeric, encoding: .numeric),
                Feature(name: "Plan kind", column: "plan_kind", type: .categorical, encoding: .oneHot),
                Feature(name: "Active", column: "active", type: .boolean, encoding: .numeric),
                Feature(name: "Area", column: "area", type: .categorical, encoding: .oneHot, categories: ["NA", "EU"]),
            ]), segmentFeature: 1, valueFeature: 0, rules: [], actions: [], bands: RiskBands(),
            numbersRows: numbersRows, ignoredColumns: ["Surname"])
    }

    private static func read(
        _ text: String, label: CustomerFile.LabelRule = .optional, policy: CustomerFilePolicy = CustomerFilePolicy(),
        numbersRows: Bool = false
    ) throws -> (rows: [LabelledCustomer], notes: CustomerFileNotes) {
        var file = try CustomerFile(
            bytes: Array(text.utf8), name: "shop.csv", domain: Self.shop(numbersRows: numbersRows), label: label,
            policy: policy)
        return (try file.nextChunk(of: 1_000), file.notes)
    }

    private static let header = "ID,Spend,Plan kind,Active,Area,Left\n"

    @Test(
        "the same file is read with any delimiter, line end and blanks around quotes",
        arguments: [
            "ID,Surname,Spend,Plan kind,Active,Area,Left\n007,\"A,\nB\",1.5,x y,TRUE,EU,True.\n",
            "\u{FEFF}ID;Surname;Spend;Plan kind;Active;Area;Left\r\n007;\"A;B\";1,5;x y;yes;EU; True.\r\n",
            "ID\tSurname\tSpend\tPlan  kind\tActive\tArea\tLeft\n007\tA,B\t1.5\tx y\tY\tEU\tTRUE.\n",
            "ID|Surname|Spend|plan_kind|Active|Area|Left\n007|A|1.50|x y|1|EU|True.\n",
            "ID, Surname, Spend, \"Plan\nkind\" , Active, Area, Left,\n007, \"A\" , 1.5, \"x y\" ,t, EU, True.,\n",
        ])
    func delimiters(_ text: String) throws {
        let rows = try Self.read(text, label: .required).rows
        #expect(rows.map(\.customer.id) == ["007"])
        #expect(rows.first?.customer.features == [.number(1.5), .text("x y"), .boolean(true), .text("EU")])
        #expect(rows.first?.hasChurned == true)
    }

    @Test(
        "NA, NaN and null are missing, unless the feature lists them as a category",
        arguments: ["", "NA", "n/a", "NaN", "null", "#N/A"])
    func missing(_ text: String) throws {
        let read = try Self.read(Self.header + "a,\(text),\(text),\(text),NA,True.\n")
        #expect(read.rows.first?.customer.features == [.missing, .missing, .missing, .text("NA")])
        #expect(read.notes.withMissingValues.first == [2])
    }

    @Test("rows that say the same of a customer are read once, and their lines are named")
    func identical() throws {
        let read = try Self.read(Self.header + "a,1,x,1,EU,True.\nb,1,x,1,EU,True.\na,1.0,x,yes,EU,True.\n")
        #expect(read.rows.map(\.customer.id) == ["a", "b"])
        #expect(read.notes.repeated.first == [4])
        #expect(read.notes.sentences(policy: CustomerFilePolicy()).first?.contains("(line 4)") == true)
    }

    @Test(
        "of rows of one customer that differ, the policy chooses",
        arguments: [(CustomerFilePolicy.Duplicates.first, [1.0, 5.0], 4), (.last, [5.0, 2.0], 2)])
    func choice(_ duplicates: CustomerFilePolicy.Duplicates, _ spend: [Double], _ line: Int) throws {
        let text = Self.header + "a,1,x,1,EU,True.\nb,5,x,1,EU,True.\na,2,x,1,EU,True.\n"
        let read = try Self.read(text, policy: CustomerFilePolicy(duplicates: duplicates))
        #expect(read.rows.map(\.customer.features[0]) == spend.map { .number($0) })
        #expect(read.notes.replaced.first == [line])
        let error = try #require(throws: ChurnError.self) { try Self.read(text) }
        #expect(error.advice.hasPrefix("shop.csv, line 4: ") && error.advice.contains("line 2, with other values"))
    }

    private static let incomplete =
        Self.header + "a,1,x\n,1,x,1,EU,True.\nb,1,x,1,EU,\nc,1,x,1,EU,False.\nnull,1,x,1,EU,True.\n"

    @Test(
        "rows that are not complete are kept or left out as the policy says, and named",
        arguments: [
            (CustomerFilePolicy.Incomplete.keep, CustomerFile.LabelRule.optional, ["a", "b", "c"]),
            (.keep, .required, ["c"]), (.skip, .optional, ["b", "c"]), (.skip, .required, ["c"]),
        ])
    func incomplete(
        _ policy: CustomerFilePolicy.Incomplete, _ label: CustomerFile.LabelRule, _ ids: [String]
    ) throws {
        let read = try Self.read(Self.incomplete, label: label, policy: CustomerFilePolicy(incomplete: policy))
        #expect(read.rows.map(\.customer.id) == ids)
        #expect(read.notes.short.first == [2] && read.notes.withoutID.first == [3, 6])
        #expect(label == .optional || read.notes.withoutLabel.first == (policy == .keep ? [2, 4] : [4]))
        if policy == .keep, label == .optional {
            #expect(read.rows[0].customer.features == [.number(1), .text("x"), .missing, .missing])
        }
    }

    @Test(
        "a row that is not complete is an error with its line where the policy says so",
        arguments: [
            ("a,1,x\n", "line 2: there are 3 fields, but the header has 6"),
            ("a,1,x,1,EU,True.\n,1,x,1,EU,True.\n", "line 3: column 'ID' is empty"),
            ("a,1,x,1,EU,\n", "line 2: the label is empty"),
        ])
    func strict(_ rows: String, _ advice: String) throws {
        let error = try #require(throws: ChurnError.self) {
            try Self.read(Self.header + rows, label: .required, policy: CustomerFilePolicy(incomplete: .error))
        }
        #expect(error.advice.contains(advice))
    }

    @Test("rows of a file without the id column are numbered where the domain says so, equal ones too")
    func numbered() throws {
        let text = "Spend,Plan kind,Active,Area\n1,x,1,EU\n\n1,x,1,EU\n2,x,0,EU\n"
        #expect(try Self.read(text, numbersRows: true).rows.map(\.customer.id) == ["1", "2", "3"])
        let error = try #require(throws: ChurnError.self) { try Self.read(text) }
        #expect(error.advice == "shop.csv, line 1: column 'ID' missing")
        let ids = try Self.read(Self.header + "x9,1,x,1,EU,True.\n", numbersRows: true).rows.map(\.customer.id)
        #expect(ids == ["x9"])
    }

    @Test("columns that the domain ignores, and columns without a name, are passed over")
    func ignored() throws {
        let text = ",ID,SURNAME,Spend,Plan kind,Active,Area\n0,a,secret,1,x,1,EU\n"
        #expect(try Self.read(text).rows.map(\.customer.id) == ["a"])
    }
}
