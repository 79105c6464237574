import ChurnCore

/// One member of a JSON object that the server answers with: its name, its meaning, its type, and where its value
/// comes from.
///
/// The answer, its schema, the columns of an export and the check of the dashboard's types follow from it.
struct Field<Value>: Sendable {
    let name: String
    let schema: Schema
    /// False where the member is left out at times.
    var isAlwaysThere = true
    typealias Writer = @Sendable (Value, inout JSONWriter) -> Void
    /// Writes the member, or nothing.
    let write: Writer
    /// The member as a cell of a table; nothing where it is no single value.
    let cell: @Sendable (Value) -> ExportCell

    private init(
        _ name: String, _ schema: Schema, isAlwaysThere: Bool = true,
        cell: @escaping @Sendable (Value) -> ExportCell = { _ in .missing },
        _ write: @escaping Writer
    ) {
        (self.name, self.schema, self.isAlwaysThere) = (name, schema, isAlwaysThere)
        (self.write, self.cell) = (write, cell)
    }

    /// A value, whose type decides the schema.
    ///
    /// - Parameters:
    ///   - meaning: what it means, where its name does not say so.
    ///   - schema: a narrower schema than that of the type.
    @inline(__always)  // So that each closure knows its type.
    init<Member: AnswerValue>(
        _ name: String, _ meaning: String? = nil, schema: Schema = Member.schema,
        _ member: @escaping @Sendable (Value) -> Member
    ) {
        let quoted = JSONWriter.name(name)
        self.init(name, schema.meaning(meaning), cell: { member($0).cell }) { value, json in
            json.begin(quoted)
            member(value).write(to: &json)
        }
    }

    /// A value that is left out where there is none.
    static func ifThere<Member: AnswerValue>(
        _ name: String, _ meaning: String? = nil, schema: Schema = Member.schema,
        _ member: @escaping @Sendable (Value) -> Member?
    ) -> Field {
        let quoted = JSONWriter.name(name)
        return Field(
            name, schema.meaning(meaning), isAlwaysThere: false, cell: { member($0)?.cell ?? .missing }
        ) { value, json in
            guard let member = member(value) else { return }
            json.begin(quoted)
            member.write(to: &json)
        }
    }

    /// An object.
    init<Member>(
        _ name: String, _ shape: Shape<Member>, _ meaning: String? = nil,
        object member: @escaping @Sendable (Value) -> Member
    ) {
        self.init(name, shape.schema.meaning(meaning)) { value, json in
            json.field(name, object: { shape.write(member(value), to: &$0) })
        }
    }

    /// An object, or null.
    init<Member>(
        _ name: String, _ shape: Shape<Member>, _ meaning: String? = nil,
        objectOrNull member: @escaping @Sendable (Value) -> Member?
    ) {
        self.init(name, shape.schema.orNull().meaning(meaning)) { value, json in
            json.field(name, optional: member(value)) { shape.write($1, to: &$0) }
        }
    }

    /// An object that is left out where there is none.
    init<Member>(
        _ name: String, _ shape: Shape<Member>, _ meaning: String? = nil,
        objectIfThere member: @escaping @Sendable (Value) -> Member?
    ) {
        self.init(name, shape.schema.meaning(meaning), isAlwaysThere: false) { value, json in
            guard let member = member(value) else { return }
            json.field(name, object: { shape.write(member, to: &$0) })
        }
    }

    /// A list of objects.
    init<Member>(
        _ name: String, _ shape: Shape<Member>, _ meaning: String? = nil, from least: Int? = nil, to limit: Int? = nil,
        list members: @escaping @Sendable (Value) -> [Member]
    ) {
        self.init(name, Schema.array(of: shape.schema, from: least, to: limit).meaning(meaning)) { value, json in
            json.field(name, array: members(value)) { json, member in json.object { shape.write(member, to: &$0) } }
        }
    }

    /// A list of objects that is left out where it is empty.
    static func ifAny<Member>(
        _ name: String, _ shape: Shape<Member>, list members: @escaping @Sendable (Value) -> [Member]
    ) -> Field {
        let full = Field(name, shape, list: members)
        return Field(name, full.schema, isAlwaysThere: false) { value, json in
            if !members(value).isEmpty { full.write(value, &json) }
        }
    }

    /// An object whose members' names are known only when it is written, such as those of a domain's columns.
    init(
        _ name: String, _ meaning: String? = nil, schema: Schema,
        members: @escaping @Sendable (Value, inout JSONWriter) -> Void
    ) {
        self.init(name, schema.meaning(meaning)) { value, json in
            json.field(name, object: { members(value, &$0) })
        }
    }

    /// The member of a part that not every larger value has.
    func ofPart<Whole>(_ part: @escaping @Sendable (Whole) -> Value?) -> Field<Whole> {
        Field<Whole>(
            self.name, self.schema, isAlwaysThere: false, cell: { [cell] in part($0).map(cell) ?? .missing }
        ) { [write] whole, json in
            if let part = part(whole) { write(part, &json) }
        }
    }

    /// The member of a part of a larger value.
    func of<Whole>(_ part: @escaping @Sendable (Whole) -> Value) -> Field<Whole> {
        Field<Whole>(
            self.name, self.schema, isAlwaysThere: self.isAlwaysThere, cell: { [cell] in cell(part($0)) }
        ) { [write] in write(part($0), &$1) }
    }
}
