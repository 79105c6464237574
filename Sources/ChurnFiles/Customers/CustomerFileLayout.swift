import ChurnCore

/// The faults of a header or a record, all at once.
struct CustomerFileFaults: Error {
    var texts: [String]
    /// The kind of failure, where another remedy than a change of the file helps.
    var code = ChurnError.Code.invalidFile
    /// Whether all that is wrong is that numbers are too large for a model.
    var isTooLarge = false
}

/// The meaning of a customer file's columns.
struct CustomerFileLayout {
    enum Column: Hashable { case id, label, feature(Int), ignored }

    let columns: [Column]
    /// The name of the id column in the file.
    let idName: String
    private let names: [String]
    private let features: [Feature]
    private let label: LabelColumn
    private let marks: NumberMarks
    /// The listed categories of each feature; nil where it lists none.
    private let categories: [CategoryFold?]

    var hasLabel: Bool { self.columns.contains(.label) }
    var hasID: Bool { self.columns.contains(.id) }

    static func reading(
        _ header: CSVRecord, domain: Domain, label rule: CustomerFile.LabelRule, marks: NumberMarks
    ) -> Result<Self, CustomerFileFaults> {
        let names = CSVHeader.names(header)
        let unknown = names.filter { Self.column(named: $0, domain) == nil }
        let missing = Self.required(domain, rule).filter { wanted in
            !names.contains { Self.column(named: $0, domain) == wanted.column }
        }.map { "'\($0.name)'" }
        if unknown.count > 3, unknown.count * 3 > names.count {
            let text = Self.stranger(unknown, of: names.count, domain)
            return .failure(CustomerFileFaults(texts: [text], code: .otherDomain))
        }
        var faults: [String] = []
        var columns: [Column] = []
        for name in names {
            guard let column = Self.column(named: name, domain) else {
                if let original = CSVHeader.repeated(name, among: names), Self.column(named: original, domain) != nil {
                    faults.append(
                        """
                        column '\(original)' is there twice (names are the same without regard to case); rename one of \
                        them, or list the second as '\(name)' under `ignore`
                        """)
                    continue
                }
                let near = ClosestName.of(name, in: domain.schema.features.map(\.name))
                faults.append(
                    """
                    column '\(name)' is not in the domain \(domain.name); remove it, or describe it there as a feature \
                    or under `ignore`\(near.map { " (or is it '\($0)'?)" } ?? "")
                    """)
                continue
            }
            columns.append(column)
        }
        if !missing.isEmpty {
            let noun = missing.count == 1 ? "column" : "columns"
            faults.append("\(noun) \(missing.joined(separator: ", ")) missing")
        }
        guard faults.isEmpty else { return .failure(CustomerFileFaults(texts: faults)) }
        return .success(
            Self(
                columns: columns, idName: domain.idName, names: names, features: domain.schema.features,
                label: domain.label, marks: marks,
                categories: domain.schema.features.map { $0.categories.isEmpty ? nil : CategoryFold($0.categories) }))
    }

    /// Returns the message about a file of which a large part is unknown: it is that of another business.
    private static func stranger(_ unknown: [String], of count: Int, _ domain: Domain) -> String {
        let first = unknown.prefix(3).map { "'\($0)'" }.joined(separator: ", ")
        return """
            \(unknown.count) of the \(count) columns are not in the domain \(domain.name) (\(first)\
            \(unknown.count > 3 ? " and \(unknown.count - 3) more" : "")). Is it the file of another business? Name its \
            domain file, or infer one from the file; columns that are not needed go under `ignore` there
            """
    }

    private static func column(named name: String, _ domain: Domain) -> Column? {
        let key = name.lowercased()
        // A column without a name is what some programs write for their own row numbers, or after a last separator.
        if name.isEmpty { return .ignored }
        if key == domain.idName.lowercased() { return .id }
        if key == domain.label.name.lowercased() { return .label }
        if let index = domain.schema.index(of: name) { return .feature(index) }
        return domain.ignoredColumns.contains { $0.lowercased() == key } ? .ignored : nil
    }

    private static func required(
        _ domain: Domain, _ rule: CustomerFile.LabelRule
    ) -> [(name: String, column: Column)] {
        var required: [(name: String, column: Column)] = domain.numbersRows ? [] : [(domain.idName, .id)]
        required += domain.schema.features.enumerated().map { ($1.name, .feature($0)) }
        if rule == .required { required.append((domain.label.name, .label)) }
        return required
    }

    /// Returns whether a record has more fields than there are columns; blank ones after the last are not counted.
    func hasTooMuch(_ record: CSVRecord) -> Bool {
        guard record.count > self.columns.count else { return false }
        return (self.columns.count..<record.count).contains { !CSVField.trimmed(record.text(at: $0)).isEmpty }
    }

    private func text(_ record: CSVRecord, _ index: Int) -> String {
        index < record.count ? CSVField.trimmed(record.text(at: index)) : ""
    }

    /// The id of a record; empty where it has none.
    func id(in record: CSVRecord) -> String {
        guard let index = self.columns.firstIndex(of: .id) else { return "" }
        let text = self.text(record, index)
        return CSVField.isMissing(text) ? "" : CSVField.identifier(text)
    }

    /// Returns whether a record has no label although one is needed.
    func lacksLabel(_ record: CSVRecord, _ rule: CustomerFile.LabelRule) -> Bool {
        guard rule == .required, let index = self.columns.firstIndex(of: .label) else { return false }
        return CSVField.isMissing(self.text(record, index))
    }

    /// A feature's name in the domain.
    func name(of feature: Int) -> String { self.features[feature].name }

    /// Returns what a field should have been, with the remedy where it nearly is.
    private func wanted(of feature: Int, _ text: String) -> String {
        guard self.features[feature].type == .numeric else { return "a yes or no" }
        if self.isTooLarge(feature, text) {
            return "a number that a model can read: it is too large; leave the field empty where it stands for none"
        }
        return NumberLiteral(text) == nil ? "a number" : "a number that can be read in one way: \(self.marks.advice)"
    }

    private func isTooLarge(_ feature: Int, _ text: String) -> Bool {
        self.features[feature].type == .numeric && CSVField.isTooLarge(text, marks: self.marks)
    }

    /// Reads one record; fields that it does not have are missing.
    ///
    /// - Parameter unlisted: is handed each feature whose category the domain does not list.
    func customer(
        in record: CSVRecord, unlisted: (Int) -> Void = { _ in }
    ) -> Result<LabelledCustomer, CustomerFileFaults> {
        var customer = CustomerState(id: "", features: Array(repeating: .missing, count: self.features.count))
        var hasChurned: Bool?
        var faults: [String] = []
        var tooLarge = 0
        for (index, column) in self.columns.enumerated() {
            let text = self.text(record, index)
            switch column {
            case .ignored: continue
            case .id:
                customer.id = CSVField.isMissing(text) ? "" : CSVField.identifier(text)
                if !text.isInNormalForm {
                    faults.append(
                        "column '\(self.names[index])' is not in Unicode normal form C; write ids in that form")
                }
                if CSVField.isScientific(text) {
                    faults.append(
                        "column '\(self.names[index])' has an id that a spreadsheet made a rounded number of, such as "
                            + "1.23E+11; give the column the format text there, and export it again from its source")
                }
            case .label:
                hasChurned = self.label.meaning(of: text)
                if hasChurned == nil, !CSVField.isMissing(text) {
                    faults.append(
                        "column '\(self.names[index])' must be \(self.label.choices)")
                }
            case .feature(let feature):
                if let value = FeatureValue(
                    csv: text, feature: self.features[feature], marks: self.marks)
                {
                    customer.features[feature] = value
                    guard case .text(let category) = value, let fold = self.categories[feature] else { continue }
                    if let known = fold.known(category) {
                        if known != category { customer.features[feature] = .text(known) }
                    } else {
                        unlisted(feature)
                    }
                } else {
                    faults.append("column '\(self.names[index])' is not \(self.wanted(of: feature, text))")
                    if self.isTooLarge(feature, text) { tooLarge += 1 }
                }
            }
        }
        guard faults.isEmpty else {
            return .failure(CustomerFileFaults(texts: faults, isTooLarge: tooLarge == faults.count))
        }
        return .success(LabelledCustomer(customer: customer, hasChurned: hasChurned))
    }
}
