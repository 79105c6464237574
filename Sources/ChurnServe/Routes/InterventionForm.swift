import ChurnCore

/// The body of a request that logs an intervention; all its faults are reported at once.
struct InterventionForm: Equatable {
    private static let customerID = TextMember(
        name: "customer_id", limit: 256, meaning: "If it is given, the customer of the address.")
    private static let action = TextMember(name: "action", limit: 200)
    private static let actionID = TextMember(name: "action_id", limit: 200)
    private static let caseID = "alert_id"
    private static let type = TextMember(name: "intervention_type", limit: 200)
    private static let note = TextMember(name: "description", limit: 4_000)
    private static let agent = TextMember(
        name: "agent", limit: 200, meaning: "Who did it; System where no one is named.")
    private static let writeKey = TextMember(
        name: "write_key", limit: 200,
        meaning: "The sender's own name of this write. Sent again with the same one, it is kept once.")
    private static let time = "timestamp"

    var customerID: String?
    /// The action: one of the domain, or the best text that was given.
    var action: String
    var type: String?
    var note: String?
    var agent: String?
    var time: Timestamp?
    /// The domain's action that it was.
    var actionID: String?
    /// The case that it is about; nil for the customer's newest that is not resolved.
    var caseID: Int64?
    var writeKey: String?

    init(_ members: [String: JSONValue], actions: [StaffAction]) throws {
        var members = members
        if case .number? = members[Self.customerID.name], let id = members[Self.customerID.name]?.customerID {
            members[Self.customerID.name] = .text(id)
        }
        var reader = MemberReader(members)
        self.customerID = reader.text(Self.customerID)
        let (id, own) = (reader.text(Self.actionID), reader.text(Self.action))
        let named = id ?? own
        let type = reader.text(Self.type)
        let note = reader.text(Self.note)
        self.agent = reader.text(Self.agent)
        self.time = reader.time(Self.time)
        self.caseID = reader.number(Self.caseID)
        self.writeKey = reader.text(Self.writeKey)
        for (member, value) in [(Self.action, own), (Self.actionID, id)] {
            guard let value, !actions.contains(where: { $0.id == value }) else { continue }
            reader.refuse(member.name, "It is not the id of an action; GET /api/domain lists them.")
        }
        let isAction = actions.contains { $0.id == type }
        let action = named ?? (isAction ? type : note ?? type)
        if action == nil, reader.faults.isEmpty {
            reader.refuse(Self.type.name, "One of action, intervention_type and description must be given.")
        }
        guard let action, reader.faults.isEmpty else { throw Problem.body(reader.faults) }
        self.action = action
        self.actionID = actions.contains { $0.id == action } ? action : nil
        self.type = type
        self.note = note
    }

    /// The body as the document describes it.
    static func schema(actions: [StaffAction]) -> Schema {
        let members = Schema.object([
            Schema.Property(
                name: self.customerID.name, schema: Schema.customerID.orNull().meaning(self.customerID.meaning),
                isRequired: false),
            Schema.Property(name: self.action.name, schema: .actionID(of: actions), isRequired: false),
            Schema.Property(
                name: self.actionID.name, schema: .actionID(of: actions).meaning("The same as action."),
                isRequired: false),
            Schema.Property(
                name: self.caseID,
                schema: MemberReader.numberSchema.meaning(
                    "The case that it is about; the customer's newest that is not resolved where none is named."),
                isRequired: false),
            self.type.property, self.note.property, self.agent.property, self.writeKey.property,
            Schema.Property(
                name: self.time, schema: MemberReader.timeSchema.meaning("When; now where it is not given."),
                isRequired: false),
        ])
        let oneOfFour = [self.action, self.actionID, self.type, self.note].map { member in
            Schema.object([Schema.Property(name: member.name, schema: .string)])
        }
        return members.where(anyOf: oneOfFour).named("NewIntervention")
    }
}

/// A text that a body may hold.
struct TextMember: Sendable {
    let name: String
    /// The most characters that it has.
    let limit: Int
    var meaning: String?

    /// The member as the document describes it.
    var property: Schema.Property {
        let schema = Schema.string(from: 1, to: self.limit, pattern: "^[^\\u0000]*$").orNull()
        return Schema.Property(name: self.name, schema: schema.meaning(self.meaning), isRequired: false)
    }
}

/// Reads members of a JSON object and gathers what is wrong with them.
struct MemberReader {
    private let members: [String: JSONValue]
    private(set) var faults: [Problem.Fault] = []

    init(_ members: [String: JSONValue]) { self.members = members }

    /// - Parameter name: our own name of a member.
    mutating func refuse(_ name: String, _ detail: String) {
        self.faults.append(Problem.Fault(place: .body, name: "/\(name)", detail: detail))
    }

    /// A text that is not empty; nil where it is absent or null.
    mutating func text(_ member: TextMember) -> String? {
        switch self.members[member.name] {
        case nil, .null: return nil
        case .text(let text) where Self.isStorable(text, limit: member.limit): return text
        default:
            self.refuse(member.name, "It is text of 1 to \(member.limit) characters, none of them NUL.")
            return nil
        }
    }

    private static let maximumNumber: Int64 = 9_007_199_254_740_991
    /// What ``number(_:)`` reads.
    static let numberSchema = Schema.integer(from: 0, to: Int(Self.maximumNumber)).orNull()

    /// A number of a row; nil where it is absent or null.
    mutating func number(_ name: String) -> Int64? {
        switch self.members[name] {
        case nil, .null: return nil
        case .number(let number):
            if let exact = Int64(exactly: number), (0...Self.maximumNumber).contains(exact) { return exact }
        default: break
        }
        self.refuse(name, "It is a whole number.")
        return nil
    }

    /// What ``time(_:)`` reads; times of the years 1 to 9999.
    static let timeSchema = Schema.anyOf([
        .raw(type: "number", ["minimum": "-62135596800", "exclusiveMaximum": "253402300800"]), .time, .null,
    ])

    /// A time as seconds since 1970 or as ISO 8601 text; nil where it is absent or null.
    mutating func time(_ name: String) -> Timestamp? {
        let time: Timestamp?
        switch self.members[name] {
        case nil, .null: return nil
        case .number(let seconds): time = Timestamp(seconds: seconds)
        case .text(let text): time = Timestamp(iso8601: text)
        default: time = nil
        }
        if time == nil {
            self.refuse(name, "It is a time: seconds since 1970, or text such as 2026-01-31T12:00:00.25Z.")
        }
        return time
    }

    static func isStorable(_ text: String, limit length: Int) -> Bool {
        !text.isEmpty && text.unicodeScalars.count <= length && !text.utf8.contains(0)
    }
}
