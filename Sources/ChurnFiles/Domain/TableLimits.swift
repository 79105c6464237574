import ChurnCore

/// The limits of PostgreSQL's tables, which a domain's features must fit into.
enum TableLimits {
    /// The most columns of a table.
    static let columns = 1_600
    /// The most bytes of a row, since a row lies in one page.
    static let rowBytes = 8_160
    /// The columns of `users` that are no features.
    private static let ownColumns = 7
    /// The bytes of a text that lies outside its row.
    private static let textBytes = 18

    /// Says what is beyond a limit; nil where all fits.
    static func fault(_ features: [Feature]) -> (problem: String, advice: String)? {
        if let fault = self.fault(count: features.count) { return fault }
        let bytes = self.bytes(of: features)
        guard bytes > self.rowBytes else { return nil }
        return (
            "\(features.count) features need up to \(bytes) bytes in a row of `users`, and a row of PostgreSQL has at "
                + "most \(self.rowBytes)",
            "leave out about \((bytes - self.rowBytes) * features.count / bytes + 1) features"
        )
    }

    /// Says that there are too many features for one table; nil where there are not.
    static func fault(count features: Int) -> (problem: String, advice: String)? {
        let count = features + self.ownColumns
        guard count > self.columns else { return nil }
        return (
            "\(features) features and \(self.ownColumns) columns of its own are \(count) columns of `users`, and a table "
                + "of PostgreSQL has at most \(self.columns)",
            "leave out \(count - self.columns) features or more"
        )
    }

    /// The bytes of a row in which every feature has a value, texts as small as they can be made.
    private static func bytes(of features: [Feature]) -> Int {
        // The row's header with a bit for each column.
        var bytes = (23 + (features.count + self.ownColumns + 7) / 8 + 7) / 8 * 8
        func add(_ size: Int, aligned: Bool = false) { bytes = (aligned ? (bytes + 7) / 8 * 8 : bytes) + size }
        add(self.textBytes)
        for feature in features {
            switch feature.type {
            case .numeric: add(8, aligned: true)
            case .boolean: add(1)
            case .categorical:
                let longest = feature.categories.map { $0.utf8.count + 1 }.max() ?? self.textBytes
                add(min(longest, self.textBytes))
            }
        }
        add(8, aligned: true)
        add(8)
        add(self.textBytes)
        add(8, aligned: true)
        add(1)
        add(8, aligned: true)
        return bytes
    }
}
