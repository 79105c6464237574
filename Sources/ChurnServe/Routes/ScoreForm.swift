import ChurnCore
import HTTPTypes

/// The body of a request for scores: customers by id, or their features.
enum ScoreForm: Equatable {
    /// Customers that the store knows. `isOne` where one was asked for by itself.
    case customers([String], isOne: Bool)
    /// Features in the schema's order.
    case features([[FeatureValue]])

    /// The most customers of one request by id.
    static let maximumCustomers = 500
    /// The most customers of one request by features.
    static let maximumRows = 100

    init(_ members: [String: JSONValue], schema: FeatureSchema) throws {
        guard members.count == 1, let (name, value) = members.first else { throw Self.oneOfThree }
        switch (name, value) {
        case ("customer_id", _):
            self = .customers([try Self.customer(value, at: "/customer_id")], isOne: true)
        case ("customer_ids", .list(let ids)) where (1...Self.maximumCustomers).contains(ids.count):
            self = .customers(try Self.customers(ids), isOne: false)
        case ("features", .object(let features)): self = .features(try Self.rows([(features, "/features")], schema))
        case ("features", .list(let rows)) where (1...Self.maximumRows).contains(rows.count):
            self = .features(
                try Self.rows(
                    rows.enumerated().map { index, row in
                        guard case .object(let features) = row else {
                            throw Problem.body("/features/\(index)", "It is an object of features.")
                        }
                        return (features, "/features/\(index)")
                    }, schema))
        case ("customer_ids", _):
            throw Problem.body("/customer_ids", "It is a list of 1 to \(Self.maximumCustomers) customers' ids.")
        case ("features", _):
            throw Problem.body(
                "/features", "It is an object of features, or a list of 1 to \(Self.maximumRows) of them.")
        default: throw Self.oneOfThree
        }
    }

    private static let oneOfThree = Problem(
        .badRequest, "bad_body", "The body has one member: customer_id, customer_ids or features.")

    /// The fault of what is no customer's id.
    static let customerIDFault = "It is a customer's id: text, or a whole number of at most 9007199254740991."

    private static func customer(_ value: JSONValue, at pointer: String) throws -> String {
        guard let id = value.customerID, ServeContext.isCustomerID(id) else {
            throw Problem.body(pointer, Self.customerIDFault)
        }
        return id
    }

    private static func customers(_ values: [JSONValue]) throws -> [String] {
        try values.enumerated().map { index, value in try Self.customer(value, at: "/customer_ids/\(index)") }
    }

    /// Reads rows of features; what is not given is missing.
    private static func rows(
        _ rows: [(features: [String: JSONValue], pointer: String)], _ schema: FeatureSchema
    ) throws -> [[FeatureValue]] {
        var faults: [Problem.Fault] = []
        let read = rows.map { row in
            var values = Array(repeating: FeatureValue.missing, count: schema.count)
            let given = Self.values(row.features, at: row.pointer, schema, &faults)
            for (index, value) in given { values[index] = value }
            return values
        }
        guard faults.isEmpty else { throw Problem.body(faults.sorted { $0.name < $1.name }) }
        return read
    }

    /// The features that an object names, by their index; what is wrong with them is added to `faults`.
    static func values(
        _ members: [String: JSONValue], at pointer: String, _ schema: FeatureSchema, _ faults: inout [Problem.Fault]
    ) -> [Int: FeatureValue] {
        var values: [Int: FeatureValue] = [:]
        for (name, value) in members {
            guard let index = schema.index(of: name) else {
                faults.append(
                    Problem.Fault(
                        place: .body, name: Problem.Fault.pointer(pointer, to: name),
                        detail: "It names a feature that the domain does not have; GET /api/domain lists them."))
                continue
            }
            let feature = schema.features[index]
            let place = "\(pointer)/\(feature.column)"
            do throws(Mismatch) {
                if values.updateValue(try Self.value(value, of: feature), forKey: index) != nil {
                    faults.append(Problem.Fault(place: .body, name: place, detail: "It is given twice."))
                }
            } catch {
                faults.append(Problem.Fault(place: .body, name: place, detail: error.detail))
            }
        }
        return values
    }

    /// Models take numbers in single precision, which ends a little above.
    static let largestNumber = 1e30

    private struct Mismatch: Error { var detail: String }

    private static func value(_ value: JSONValue, of feature: Feature) throws(Mismatch) -> FeatureValue {
        switch (value, feature.type) {
        case (.null, _): return .missing
        case (.number(let number), .numeric):
            guard abs(number) <= Self.largestNumber else {
                throw Mismatch(detail: "It is a number within -1e30 and 1e30, or null where it is not known.")
            }
            return .number(number)
        case (.flag(let flag), .boolean): return .boolean(flag)
        case (.text(let text), .categorical):
            guard feature.categories.isEmpty || feature.categories.contains(text) else {
                throw Mismatch(detail: "It is one of \(feature.categories.joined(separator: ", ")).")
            }
            return .text(text)
        case (_, .numeric): throw Mismatch(detail: "It is a number, or null where it is not known.")
        case (_, .boolean): throw Mismatch(detail: "It is true or false, or null where it is not known.")
        case (_, .categorical): throw Mismatch(detail: "It is text, or null where it is not known.")
        }
    }

    // MARK: Description

    /// The body as the document describes it.
    static func schema(_ domain: Domain) -> Schema {
        let features = self.featuresSchema(domain)
        let choices: [(name: String, schema: Schema)] = [
            ("customer_id", .customerID),
            ("customer_ids", .array(of: .customerID, from: 1, to: self.maximumCustomers)),
            ("features", .oneOf([features, .array(of: features, from: 1, to: self.maximumRows)])),
        ]
        return Schema.oneOf(
            choices.map { choice in
                Schema.object([Schema.Property(name: choice.name, schema: choice.schema)], others: .refused)
            }
        ).named("ScoreRequest")
    }

    /// An object of features as a body may hold it.
    static func featuresSchema(_ domain: Domain) -> Schema {
        let properties = domain.schema.features.map { feature in
            Schema.Property(name: feature.column, schema: self.schema(of: feature), isRequired: false)
        }
        return Schema.object(properties, others: .refused).named("Features")
    }

    /// The same of changes: within the limits of the domain, and without features that nothing can change.
    static func changesSchema(_ domain: Domain) -> Schema {
        let properties = domain.schema.features.filter { !$0.isImmutable }.map { feature in
            Schema.Property(
                name: feature.column, schema: self.schema(of: feature, from: feature.minimum, to: feature.maximum),
                isRequired: false)
        }
        return Schema.object(properties, others: .refused).named("FeatureChanges")
    }

    /// What ``value(_:of:)`` reads.
    private static func schema(of feature: Feature, from minimum: Double? = nil, to maximum: Double? = nil) -> Schema {
        switch feature.type {
        case .numeric:
            Schema.number(from: minimum ?? -self.largestNumber, to: maximum ?? self.largestNumber).orNull()
        case .boolean: Schema.boolean.orNull()
        case .categorical:
            feature.categories.isEmpty ? Schema.string.orNull() : Schema.choice(feature.categories).orNull()
        }
    }
}

extension Schema {
    /// What ``ServeContext/isCustomerID(_:)`` accepts of ``JSONValue/customerID``.
    static let customerID = Schema.anyOf([
        .string(from: 1, to: 256, pattern: "^[^\\u0000]*$"),
        .integer(from: -JSONValue.largestExact, to: JSONValue.largestExact),
    ]).named("CustomerID")
}
