import ChurnCore

/// The body of a request that logs an intervention; all its faults are reported at once.
struct InterventionForm: Equatable {
    private static let maximumName = 200
    private static let maximumNote = 4_000

    var customerID: String?
    /// The action: one of the domain, or the best text that was given.
    var action: String
    var type: String?
    var note: String?
    var agent: String?
    var time: Timestamp?

    init(_ members: [String: JSONValue], actions: [StaffAction]) throws {
        var reader = MemberReader(members)
        self.customerID = reader.text("customer_id", limit: 256)
        let named = reader.text("action", limit: Self.maximumName)
        let type = reader.text("intervention_type", limit: Self.maximumName)
        let note = reader.text("description", limit: Self.maximumNote)
        self.agent = reader.text("agent", limit: Self.maximumName)
        self.time = reader.time("timestamp")
        if let named, !actions.contains(where: { $0.id == named }) {
            reader.refuse("action", "It is not the id of an action; GET /api/domain lists them.")
        }
        let isAction = actions.contains { $0.id == type }
        let action = named ?? (isAction ? type : note ?? type)
        if action == nil, reader.faults.isEmpty {
            reader.refuse("intervention_type", "One of action, intervention_type and description must be given.")
        }
        guard let action, reader.faults.isEmpty else { throw Problem.body(reader.faults) }
        self.action = action
        self.type = type
        self.note = note
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
    mutating func text(_ name: String, limit length: Int) -> String? {
        switch self.members[name] {
        case nil, .null: return nil
        case .text(let text) where Self.isStorable(text, limit: length): return text
        default:
            self.refuse(name, "It is text of 1 to \(length) characters, none of them NUL.")
            return nil
        }
    }

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
