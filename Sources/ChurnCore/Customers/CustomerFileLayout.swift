/// What is wrong with a header or a record, all of it at once.
struct CustomerFileFaults: Error {
    var texts: [String]
}

/// Which column of a customer file holds what.
struct CustomerFileLayout {
    enum Column: Hashable { case id, label, feature(Int) }

    let columns: [Column]
    private let names: [String]
    private let features: [Feature]
    private let label: LabelColumn

    var hasLabel: Bool { self.columns.contains(.label) }

    static func reading(
        _ header: CSVRecord, domain: Domain, label rule: CustomerFile.LabelRule
    ) -> Result<Self, CustomerFileFaults> {
        let names = (0..<header.count).map { trimmed(header.text(at: $0)) }
        if names.count == 1, names[0].contains(where: { ";\t|".contains($0) }) {
            return .failure(CustomerFileFaults(texts: ["the columns must be separated by commas"]))
        }
        var faults: [String] = []
        var columns: [Column] = []
        for name in names {
            guard let column = Self.column(named: name, domain) else {
                faults.append("column '\(name)' is not in the domain \(domain.name); remove it or describe it there")
                continue
            }
            if columns.contains(column) { faults.append("column '\(name)' is there twice") }
            columns.append(column)
        }
        let missing = Self.required(domain, rule).filter { !columns.contains($0.column) }.map { "'\($0.name)'" }
        if !missing.isEmpty {
            let noun = missing.count == 1 ? "column" : "columns"
            faults.append("\(noun) \(missing.joined(separator: ", ")) missing")
        }
        guard faults.isEmpty else { return .failure(CustomerFileFaults(texts: faults)) }
        return .success(
            Self(columns: columns, names: names, features: domain.schema.features, label: domain.label))
    }

    private static func column(named name: String, _ domain: Domain) -> Column? {
        if name.lowercased() == domain.idName.lowercased() { return .id }
        if name.lowercased() == domain.label.name.lowercased() { return .label }
        return domain.schema.index(of: name).map { .feature($0) }
    }

    private static func required(
        _ domain: Domain, _ rule: CustomerFile.LabelRule
    ) -> [(name: String, column: Column)] {
        var required: [(name: String, column: Column)] = [(domain.idName, .id)]
        required += domain.schema.features.enumerated().map { ($1.name, .feature($0)) }
        if rule == .required { required.append((domain.label.name, .label)) }
        return required
    }

    /// Reads one record, which has as many fields as there are columns.
    func customer(in record: CSVRecord) -> Result<LabelledCustomer, CustomerFileFaults> {
        var customer = CustomerState(id: "", features: Array(repeating: .missing, count: self.features.count))
        var hasChurned: Bool?
        var faults: [String] = []
        for (index, column) in self.columns.enumerated() {
            let text = trimmed(record.text(at: index))
            switch column {
            case .id:
                customer.id = text
                if text.isEmpty { faults.append("column '\(self.names[index])' is empty: a customer needs an id") }
                if !text.isInNormalForm {
                    faults.append(
                        "column '\(self.names[index])' is not in Unicode normal form C; write ids in that form")
                }
            case .label:
                hasChurned = self.label.meaning(of: text)
                if hasChurned == nil {
                    faults.append(
                        "column '\(self.names[index])' must be '\(self.label.positive)' or '\(self.label.negative)'")
                }
            case .feature(let feature):
                if let value = FeatureValue(csv: text, type: self.features[feature].type) {
                    customer.features[feature] = value
                } else {
                    let kind = self.features[feature].type == .numeric ? "a number" : "a yes or no"
                    faults.append("column '\(self.names[index])' is not \(kind)")
                }
            }
        }
        guard faults.isEmpty else { return .failure(CustomerFileFaults(texts: faults)) }
        return .success(LabelledCustomer(customer: customer, hasChurned: hasChurned))
    }
}

extension LabelColumn {
    fileprivate func meaning(of text: String) -> Bool? {
        text == self.positive ? true : text == self.negative ? false : nil
    }
}

extension FeatureValue {
    /// Reads a field of a file; nil where it is not of the type.
    init?(csv text: String, type: FeatureType) {
        if text.isEmpty {
            self = .missing
            return
        }
        switch type {
        case .categorical:
            self = .text(text)
        case .numeric:
            // Double also reads "inf", "nan" and hexadecimal, which no customer file means.
            guard text.utf8.allSatisfy({ "0123456789+-.eE".utf8.contains($0) }), let number = Double(text),
                number.isFinite
            else { return nil }
            self = .number(number)
        case .boolean:
            switch text.lowercased() {
            case "true", "t", "yes", "y", "1": self = .boolean(true)
            case "false", "f", "no", "n", "0": self = .boolean(false)
            default: return nil
            }
        }
    }
}

/// The text without blanks (space, tab) at either end.
private func trimmed(_ text: String) -> String {
    let isBlank = { (byte: UInt8) in byte == 0x20 || byte == 0x09 }
    guard let first = text.utf8.first, let last = text.utf8.last, isBlank(first) || isBlank(last) else { return text }
    let inner = text.utf8.drop(while: isBlank)
    guard let end = inner.lastIndex(where: { !isBlank($0) }) else { return "" }
    return String(inner[...end]) ?? text
}
