import ChurnCore

/// The names of a file's columns.
enum CSVHeader {
    /// The names in order; one that is there already, without regard to case, gets a number: `Tenure`, `Tenure (2)`.
    ///
    /// Files that were joined repeat columns, and a domain must be able to distinguish them.
    static func names(_ header: CSVRecord) -> [String] {
        let plain = (0..<header.count).map { CSVField.name(header.text(at: $0)) }
        var taken = Set(plain.map { $0.lowercased() })
        var seen: Set<String> = []
        return plain.map { name in
            if name.isEmpty || seen.insert(name.lowercased()).inserted { return name }
            var number = 2
            while taken.contains("\(name) (\(number))".lowercased()) { number += 1 }
            taken.insert("\(name) (\(number))".lowercased())
            return "\(name) (\(number))"
        }
    }

    /// Returns the message about a record with another number of fields than there are columns.
    static func wrongCount(_ record: CSVRecord, _ columns: Int) -> String {
        "there are \(record.count) fields, but the header has \(columns)"
            + (record.count > columns ? "; put values that hold the separator in quotes" : "")
    }

    /// The name that a repeated column has in the file; nil where the name is not such a one.
    static func repeated(_ name: String, among names: [String]) -> String? {
        guard name.hasSuffix(")"), let open = name.lastIndex(of: "("), name.dropLast().last?.isNumber == true else {
            return nil
        }
        let original = CSVField.name(String(name[..<open]))
        return names.contains { $0.lowercased() == original.lowercased() } ? original : nil
    }
}
