import Testing

@testable import ChurnServe

/// What generators of clients need of the document.
@Suite struct GeneratedClientTests {
    /// The names that generators give to types: those of schemas, and for what is written out where it is used, of the
    /// place.
    private struct TypeNames {
        var all: [String] = []

        mutating func add(_ schema: JSONValue, _ name: String, isNamed: Bool = false) {
            guard schema["$ref"] == nil else { return }
            if isNamed || schema["enum"] != nil || schema["properties"] != nil { self.all.append(name) }
            if case .object(let properties)? = schema["properties"] {
                for (property, value) in properties { self.add(value, name + Self.word(property)) }
            }
            if let items = schema["items"] { self.add(items, name + "Item") }
            if let others = schema["additionalProperties"], case .object = others {
                self.add(others, name + "AdditionalProperty")
            }
            for kind in ["anyOf", "oneOf"] {
                for (index, each) in (schema[kind]?.list ?? []).enumerated() { self.add(each, "\(name)Type\(index)") }
            }
        }

        static func word(_ text: String) -> String {
            text.split { !$0.isLetter && !$0.isNumber }.map { $0.prefix(1).uppercased() + $0.dropFirst() }.joined()
        }
    }

    private static func document() throws -> JSONValue {
        try #require(JSONValue.parse(Array(OpenAPIDocument(endpoints: Endpoint.all()).json.utf8)))
    }

    private static func members(_ value: JSONValue?) -> [String: JSONValue] {
        if case .object(let members)? = value { members } else { [:] }
    }

    private static func operations(_ document: JSONValue) -> [JSONValue] {
        Self.members(document["paths"]).values.flatMap { Self.members($0).values }
    }

    @Test("no two types get one name, whatever their case")
    func names() throws {
        let document = try Self.document()
        var names = TypeNames()
        for (name, schema) in Self.members(document["components"]?["schemas"]) {
            names.add(schema, name, isNamed: true)
        }
        for operation in Self.operations(document) {
            let id = TypeNames.word(operation["operationId"]?.text ?? "")
            for parameter in operation["parameters"]?.list ?? [] {
                names.add(parameter["schema"] ?? .null, id + TypeNames.word(parameter["name"]?.text ?? ""))
            }
            for (status, answer) in Self.members(operation["responses"]) {
                for content in Self.members(answer["content"]).values {
                    names.add(content["schema"] ?? .null, id + "Response" + TypeNames.word(status))
                }
            }
        }
        let counts = Dictionary(grouping: names.all) { $0.lowercased() }.filter { $0.value.count > 1 }
        #expect(counts.isEmpty)
        #expect(names.all.count > 100)
    }

    @Test("every answer with a body has a media type of its own and a schema that says something")
    func typed() throws {
        let document = try Self.document()
        let shared = Self.members(document["components"]?["responses"]).values
        for answer in Self.operations(document).flatMap({ Self.members($0["responses"]).values }) + shared {
            for (type, content) in Self.members(answer["content"]) {
                #expect(!type.contains("*"), "\(answer["description"]?.text ?? "")")
                let schema = Self.members(content["schema"])
                #expect(["$ref", "type", "anyOf", "oneOf"].contains { schema[$0] != nil }, "\(type)")
            }
        }
    }

    @Test("every property of every schema has a type, but what is free by its meaning")
    func properties() throws {
        for (name, schema) in Self.members(try Self.document()["components"]?["schemas"]) {
            for (property, value) in Self.members(schema["properties"]) {
                let says = ["$ref", "type", "anyOf", "oneOf", "const", "enum"].contains { value[$0] != nil }
                #expect(says, "\(name).\(property)")
            }
        }
    }
}
