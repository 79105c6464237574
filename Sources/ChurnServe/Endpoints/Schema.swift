import ChurnCore

/// A JSON Schema (draft 2020-12) as OpenAPI 3.1 writes it, with the named schemas that it refers to.
struct Schema: Sendable {
    /// The types that a value may have; none where other members decide.
    private var types: [String] = []
    /// The values that are allowed, where they are few; nil is `null`.
    private var cases: [String?]?
    /// All other members, as JSON text, in their order.
    private var members: [(name: String, json: String)] = []
    /// The named schemas that it refers to, directly or through others.
    private(set) var named: [String: Schema] = [:]

    private init(types: [String] = [], _ members: [(name: String, json: String)] = []) {
        self.types = types
        self.members = members
    }

    /// The schema as JSON text.
    var json: String {
        var all: [(name: String, json: String)] = []
        if let type = self.types.first {
            all.append(("type", self.types.count == 1 ? JSONText.quoted(type) : Self.list(self.types)))
        }
        if let cases {
            all.append(("enum", "[\(cases.map { $0.map(JSONText.quoted) ?? "null" }.joined(separator: ", "))]"))
        }
        all += self.members
        return "{\(all.map { "\(JSONText.quoted($0.name)): \($0.json)" }.joined(separator: ", "))}"
    }

    // MARK: Scalars

    static let string = Schema(types: ["string"])
    static let boolean = Schema(types: ["boolean"])
    /// ISO 8601 text in UTC.
    static let time = Schema(types: ["string"], [("format", #""date-time""#)])
    /// From 0 to 1.
    static let probability = Schema.number(from: 0, to: 1)

    static func string(
        from least: Int? = nil, to limit: Int? = nil, pattern: String? = nil
    ) -> Schema {
        var schema = Self.string
        if let least { schema.members.append(("minLength", "\(least)")) }
        if let limit { schema.members.append(("maxLength", "\(limit)")) }
        if let pattern { schema.members.append(("pattern", JSONText.quoted(pattern))) }
        return schema
    }

    static func integer(from least: Int? = nil, to limit: Int? = nil) -> Schema {
        var schema = Schema(types: ["integer"])
        if let least { schema.members.append(("minimum", "\(least)")) }
        if let limit { schema.members.append(("maximum", "\(limit)")) }
        return schema
    }

    static func number(from least: Double? = nil, to limit: Double? = nil) -> Schema {
        var schema = Schema(types: ["number"])
        if let least { schema.members.append(("minimum", least.shortJSON)) }
        if let limit { schema.members.append(("maximum", limit.shortJSON)) }
        return schema
    }

    /// One of a few texts.
    static func choice(_ names: [String]) -> Schema {
        var schema = Self.string
        schema.cases = names
        return schema
    }

    /// One of an enumeration's names.
    static func choice<Choice: RawRepresentable & CaseIterable>(_ type: Choice.Type) -> Schema
    where Choice.RawValue == String { .choice(type.allCases.map(\.rawValue)) }

    /// One text and no other.
    static func constant(_ text: String) -> Schema { Schema([("const", JSONText.quoted(text))]) }

    /// Members that no function here writes, as JSON text.
    static func raw(type: String? = nil, _ members: KeyValuePairs<String, String>, uses: [Schema] = []) -> Schema {
        var schema = Schema(types: type.map { [$0] } ?? [], members.map { ($0.key, $0.value) })
        for used in uses { schema.take(used) }
        return schema
    }

    static let null = Schema(types: ["null"])

    // MARK: Compounds

    static func array(of element: Schema, from least: Int? = nil, to limit: Int? = nil) -> Schema {
        var schema = Schema(types: ["array"])
        if let least { schema.members.append(("minItems", "\(least)")) }
        if let limit { schema.members.append(("maxItems", "\(limit)")) }
        schema.members.append(("items", element.json))
        schema.take(element)
        return schema
    }

    /// An object's member.
    struct Property: Sendable {
        var name: String
        var schema: Schema
        var isRequired = true
    }

    /// - Parameter others: what members of other names are; nil for anything.
    static func object(_ properties: [Property] = [], others: Others? = nil) -> Schema {
        var schema = Schema(types: ["object"])
        switch others {
        case nil: break
        case .refused: schema.members.append(("additionalProperties", "false"))
        case .all(let other):
            schema.members.append(("additionalProperties", other.json))
            schema.take(other)
        }
        let required = properties.filter(\.isRequired).map(\.name)
        if !required.isEmpty { schema.members.append(("required", Self.list(required))) }
        if !properties.isEmpty {
            let pairs = properties.map { "\(JSONText.quoted($0.name)): \($0.schema.json)" }
            schema.members.append(("properties", "{\(pairs.joined(separator: ", "))}"))
        }
        for property in properties { schema.take(property.schema) }
        return schema
    }

    /// What an object's members of other names are.
    enum Others: Sendable {
        case refused
        case all(Schema)
    }

    static func anyOf(_ schemas: [Schema]) -> Schema { .combined("anyOf", schemas) }
    static func oneOf(_ schemas: [Schema]) -> Schema { .combined("oneOf", schemas) }

    private static func combined(_ name: String, _ schemas: [Schema]) -> Schema {
        var schema = Schema([(name, "[\(schemas.map(\.json).joined(separator: ", "))]")])
        for each in schemas { schema.take(each) }
        return schema
    }

    // MARK: Changes

    /// The same, or null.
    func orNull() -> Schema {
        guard !self.types.isEmpty else { return .anyOf([self, .null]) }
        var schema = self
        schema.types.append("null")
        schema.cases?.append(nil)
        return schema
    }

    /// The same, where one of these holds too.
    func `where`(anyOf alternatives: [Schema]) -> Schema {
        var schema = self
        schema.members.append(("anyOf", "[\(alternatives.map(\.json).joined(separator: ", "))]"))
        for each in alternatives { schema.take(each) }
        return schema
    }

    /// The same with a meaning; an empty one changes nothing.
    func meaning(_ text: String?) -> Schema {
        guard let text, !text.isEmpty else { return self }
        var schema = self
        schema.members.removeAll { $0.0 == "description" }
        schema.members.append(("description", JSONText.quoted(text)))
        return schema
    }

    /// The same with a value that holds where none is given.
    func defaulting(to json: String) -> Schema {
        var schema = self
        schema.members.append(("default", json))
        return schema
    }

    /// A reference to the schema under a name, which the document then defines.
    func named(_ name: String) -> Schema {
        var reference = Schema([("$ref", JSONText.quoted("#/components/schemas/\(name)"))])
        reference.named = self.named
        reference.named[name] = self
        return reference
    }

    // MARK: Pieces

    /// Knows the named schemas of another, which is a part of this one.
    private mutating func take(_ other: Schema) { self.named.merge(other.named) { own, _ in own } }

    /// Texts as a JSON array.
    static func list(_ texts: [String]) -> String { "[\(texts.map(JSONText.quoted).joined(separator: ", "))]" }
}

extension Double {
    /// A whole number without its `.0`.
    fileprivate var shortJSON: String { Int64(exactly: self).map { "\($0)" } ?? "\(self)" }
}
