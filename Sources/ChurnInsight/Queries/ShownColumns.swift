public import ChurnCore

/// The columns that a domain shows of customers, update field by update field.
public struct ShownColumns: Sendable {
    /// The values of one field, a customer after the other.
    public enum Column: Sendable {
        /// Numbers; not a number where there is none.
        case numbers([Double])
        /// Of each customer the place of its value among `values`; below zero where there is none.
        case values([FeatureValue], places: [Int32])
    }

    /// Whether each customer is known; of the others nothing is shown.
    public private(set) var areKnown: [Bool]
    /// The columns, in the order of the domain's update fields.
    public private(set) var columns: [Column]

    init(areKnown: [Bool], columns: [Column]) { (self.areKnown, self.columns) = (areKnown, columns) }

    /// Columns of customers none of which is known.
    init(unknown count: Int, fields: Int) {
        self.areKnown = [Bool](repeating: false, count: count)
        self.columns = [Column](repeating: .values([], places: [Int32](repeating: -1, count: count)), count: fields)
    }

    /// Creates columns of what is shown of each customer: the values of all update fields, or nil.
    public init(_ rows: [[FeatureValue]?]) {
        self.areKnown = rows.map { $0 != nil }
        let fields = rows.lazy.compactMap { $0?.count }.max() ?? 0
        self.columns = (0..<fields).map { field in
            .values(
                rows.map { $0.map { field < $0.count ? $0[field] : .missing } ?? .missing },
                places: Array(0..<Int32(rows.count)))
        }
    }

    /// The values of all fields of one customer; nil where it is not known.
    public subscript(customer: Int) -> [FeatureValue]? {
        guard self.areKnown[customer] else { return nil }
        return self.columns.map { column in
            switch column {
            case .numbers(let numbers): numbers[customer].isNaN ? .missing : .number(numbers[customer])
            case .values(let values, let places):
                places[customer] < 0 ? .missing : values[Int(places[customer])]
            }
        }
    }

    /// Shows values of customers that were not known.
    mutating func add(_ found: [(customer: Int, shown: [FeatureValue])]) {
        for (customer, _) in found { self.areKnown[customer] = true }
        self.columns = self.columns.enumerated().map { field, column in
            switch column {
            case .numbers(var numbers):
                for (customer, shown) in found { numbers[customer] = shown[field].numberValue ?? .nan }
                return .numbers(numbers)
            case .values(var values, var places):
                for (customer, shown) in found {
                    places[customer] = Int32(values.count)
                    values.append(shown[field])
                }
                return .values(values, places: places)
            }
        }
    }
}
