import ChurnCore

/// A parameter of an address, as the document describes it.
struct ParameterDescription: Sendable {
    /// Where it stands.
    enum Place: String, Sendable {
        case path, query
    }

    var name: String
    var place = Place.query
    var meaning: String
    var schema: Schema
    /// Whether it may be given several times.
    var isRepeated = false

    var json: String {
        let required = self.place == .path ? #""required": true, "# : ""
        let exploded = self.isRepeated ? #""explode": true, "# : ""
        return """
            {"name": \(JSONText.quoted(self.name)), "in": "\(self.place.rawValue)", \(required)\(exploded)\
            "description": \(JSONText.quoted(self.meaning)), "schema": \(self.schema.json)}
            """
    }

    /// A customer's id: a part of the path, or a parameter.
    static let customerID = [
        ParameterDescription(
            name: "id", place: .path, meaning: "The customer's id; a dash where user_id names the customer.",
            schema: .string(from: 1)),
        Parameter.customerIDInQuery.description,
    ]
}

/// A parameter of the query: how it is described, and how it is read.
struct Parameter<Value>: Sendable {
    private let describe: @Sendable () -> ParameterDescription
    let read: @Sendable (QueryParameters) throws -> Value

    /// - Parameter description: made when it is asked for: requests only read.
    init(
        description: @autoclosure @escaping @Sendable () -> ParameterDescription,
        read: @escaping @Sendable (QueryParameters) throws -> Value
    ) {
        (self.describe, self.read) = (description, read)
    }

    var description: ParameterDescription { self.describe() }
}

extension QueryParameters {
    /// The value of a parameter.
    ///
    /// - Throws: a ``Problem`` that names the parameter and says what it may be.
    func value<Value>(of parameter: Parameter<Value>) throws -> Value { try parameter.read(self) }
}

extension Parameter where Value == Int {
    /// How many of something are asked for; a larger number counts as `cap`.
    static func limit(_ meaning: String? = nil, default standard: Int, cap: Int) -> Parameter {
        .count(
            "limit", meaning ?? "How many; more than \(cap) count as \(cap).", default: standard, cap: cap)
    }

    /// A whole number of at least 1; a larger one than `cap` counts as that.
    static func count(_ name: String, _ meaning: String, default other: Int, cap: Int = .max) -> Parameter {
        Parameter(
            description: ParameterDescription(
                name: name, meaning: meaning, schema: Schema.integer(from: 1).defaulting(to: "\(other)"))
        ) { try $0.count(name, cap: cap, default: other) }
    }
}

extension Parameter where Value == Int64? {
    /// Where a page of a list that is ordered by number begins; nil for the list's beginning.
    static func before(_ meaning: String = "Only those with numbers below this one.") -> Parameter {
        Parameter(
            description: ParameterDescription(name: "before", meaning: meaning, schema: .integer(from: 1))
        ) { parameters in
            let before = try parameters.count("before", cap: .max, default: 0)
            return before == 0 ? nil : Int64(before)
        }
    }
}

extension Parameter where Value == String? {
    /// Text of at most this many characters.
    static func text(
        _ name: String, _ meaning: String, longest: Int = QueryParameters.maximumTextLength, pattern: String? = nil
    ) -> Parameter {
        let schema = Schema.string(to: longest, pattern: pattern ?? "^[^\\u0000]*$")
        return Parameter(
            description: ParameterDescription(name: name, meaning: meaning, schema: schema)
        ) { try $0.text(name, longest: longest) }
    }
}

extension Parameter where Value == String? {
    /// A customer's id that a path cannot carry unchanged.
    static let customerIDInQuery = Parameter.text(
        "user_id",
        "The customer's id, for one that a path cannot carry, such as one with a slash; read where the path has a dash."
    )
}

extension Parameter where Value == Set<String> {
    /// Texts, as many as are given.
    static func texts(_ name: String, _ meaning: String, limit: Int) -> Parameter {
        Parameter(
            description: ParameterDescription(
                name: name, meaning: "\(meaning) It may be repeated.",
                schema: .array(of: .shortText, to: limit), isRepeated: true)
        ) { Set(try $0.texts(name, limit: limit)) }
    }
}

extension Schema {
    /// The longest text that a parameter may hold.
    static let shortText = Schema.string(to: QueryParameters.maximumTextLength, pattern: "^[^\\u0000]*$")
}

extension Parameter {
    /// One of an enumeration's names; nil where it is not given.
    static func choice<Choice: RawRepresentable & CaseIterable & Sendable>(
        _ name: String, _ meaning: String, default standard: Choice? = nil
    ) -> Parameter where Value == Choice?, Choice.RawValue == String {
        let schema = Schema.choice(Choice.self)
        return Parameter(
            description: ParameterDescription(
                name: name, meaning: meaning,
                schema: standard.map { schema.defaulting(to: JSONText.quoted($0.rawValue)) } ?? schema)
        ) { try $0.choice(name, of: Choice.self) ?? standard }
    }

    /// Any of an enumeration's names.
    static func choices<Choice: RawRepresentable & CaseIterable & Sendable & Hashable>(
        _ name: String, _ meaning: String, limit: Int? = nil
    ) -> Parameter where Value == Set<Choice>, Choice.RawValue == String {
        Parameter(
            description: ParameterDescription(
                name: name, meaning: "\(meaning) It may be repeated.",
                schema: .array(of: .choice(Choice.self), to: limit ?? Choice.allCases.count), isRepeated: true)
        ) { Set(try $0.choices(name, of: Choice.self, limit: limit)) }
    }
}
