import ChurnCore
import Testing

@testable import ChurnServe

@Suite struct ShapeTests {
    private struct Person {
        var name: String
        var age: Int?
        var nickname: String?
        var friends: [Person] = []
        var best: [Person] = []
    }

    private static let friend = Shape<Person>("Friend", [Field("name") { $0.name }])

    private static let person = Shape<Person>(
        "Person",
        [
            Field("name", "What others say.") { $0.name },
            Field("age", schema: .integer(from: 0).orNull()) { $0.age },
            Field.ifThere("nickname") { $0.nickname },
            Field("friends", Self.friend, to: 5, list: { $0.friends }),
            Field("best", Self.friend, objectOrNull: { $0.best.first }),
            Field.ifAny("others", Self.friend, list: { $0.friends }),
        ])

    private static func json(_ person: Person) -> String {
        var json = JSONWriter()
        json.object { Self.person.write(person, to: &$0) }
        return String(decoding: json.bytes, as: UTF8.self)
    }

    @Test("a value that is not there is null, or its member is left out where the field says so")
    func absent() {
        #expect(
            Self.json(Person(name: "Ann")) == #"{"name":"Ann","age":null,"friends":[],"best":null}"#)
        let full = Person(
            name: "Bob", age: 3, nickname: "B", friends: [Person(name: "Ann")], best: [Person(name: "Eve")])
        #expect(
            Self.json(full)
                == #"{"name":"Bob","age":3,"nickname":"B","friends":[{"name":"Ann"}],"best":{"name":"Eve"},"#
                + #""others":[{"name":"Ann"}]}"#)
    }

    @Test("the schema requires what is always there, and knows the schemas that it names")
    func schema() throws {
        let reference = Self.person.schema
        #expect(reference.json == ##"{"$ref": "#/components/schemas/Person"}"##)
        #expect(Set(reference.named.keys) == ["Person", "Friend"])
        let schema = try #require(JSONValue.parse(Array((reference.named["Person"]?.json ?? "").utf8)))
        #expect(schema["required"]?.list.compactMap(\.text) == ["name", "age", "friends", "best"])
        #expect(schema["properties"]?["age"]?["type"]?.list.compactMap(\.text) == ["integer", "null"])
        #expect(schema["properties"]?["name"]?["description"]?.text == "What others say.")
        #expect(schema["properties"]?["friends"]?["maxItems"] == .number(5))
        #expect(schema["properties"]?["best"]?["anyOf"]?.list.count == 2)
    }

    @Test("columns and rows of an export are those of the answer")
    func table() {
        #expect(Self.person.columns == ["name", "age", "nickname", "friends", "best", "others"])
        let row = Self.person.row(Person(name: "Ann", nickname: "A"))
        guard case .text("Ann") = row[0], case .missing = row[1], case .text("A") = row[2], case .missing = row[3]
        else {
            Issue.record("\(row)")
            return
        }
    }

    @Test("a choice may be null where its schema says so, and quotes what needs it")
    func choices() {
        #expect(
            Schema.choice(["a", "b\""]).orNull().json == #"{"type": ["string", "null"], "enum": ["a", "b\"", null]}"#)
        #expect(Schema.number(from: 0, to: 0.5).json == #"{"type": "number", "minimum": 0, "maximum": 0.5}"#)
    }
}
