import ChurnCore
import ChurnInsight

/// The actions on a case, by the last part of its address.
enum CaseAction: String, CaseIterable, Sendable {
    case acknowledge, assign, snooze, resolve, reopen
}

/// The body of a request that acts on a case; all its faults are reported at once.
struct CaseForm: Equatable {
    /// The largest whole number that every reader of JSON knows exactly (RFC 8259, section 6).
    private static let maximumVersion: Int64 = 9_007_199_254_740_991
    private static let agent = Text(name: "agent", limit: 200)
    private static let assignee = Text(name: "assignee", limit: 200)
    private static let outcome = Text(name: "outcome", limit: 2_000)
    private static let longestSnooze = Duration.seconds(366 * 86_400)

    /// A text of the body that is not blank.
    private struct Text {
        let name: String
        /// The most characters that it has.
        let limit: Int

        var schema: Schema {
            .string(from: 1, to: self.limit, pattern: "^[^\\u0000]*[^\\s\\u0000][^\\u0000]*$")
        }
        /// The text where it must be given.
        var property: Schema.Property { Schema.Property(name: self.name, schema: self.schema) }
    }

    var version: Int64 = 0
    var agent: String?
    var step: CaseStep

    init(_ action: CaseAction, _ members: [String: JSONValue], at now: Timestamp) throws {
        var faults: [Problem.Fault] = []
        func refuse(_ name: String, _ detail: String) {
            faults.append(Problem.Fault(place: .body, name: "/\(name)", detail: detail))
        }
        func text(_ member: Text, isRequired: Bool) -> String? {
            let value = members[member.name] ?? .null
            if value == .null, !isRequired { return nil }
            guard case .text(let text) = value, text.unicodeScalars.count <= member.limit, !text.utf8.contains(0),
                text.unicodeScalars.contains(where: { !$0.properties.isWhitespace })
            else {
                refuse(member.name, "It is text of 1 to \(member.limit) characters, none of them NUL.")
                return nil
            }
            return text
        }
        if case .number(let number)? = members["version"], let version = Int64(exactly: number),
            (0...Self.maximumVersion).contains(version)
        {
            self.version = version
        } else {
            refuse("version", "It is the version of the case as you read it, a whole number.")
        }
        self.agent = text(Self.agent, isRequired: false)
        switch action {
        case .acknowledge: self.step = .acknowledge
        case .reopen: self.step = .reopen
        case .assign: self.step = .assign(to: text(Self.assignee, isRequired: true) ?? "")
        case .resolve: self.step = .resolve(outcome: text(Self.outcome, isRequired: true) ?? "")
        case .snooze:
            var until: Timestamp?
            switch members["until"] {
            case .text(let text)?: until = Timestamp(iso8601: text)
            case .number(let seconds)?: until = Timestamp(seconds: seconds)
            default: break
            }
            if until.map({ $0 <= now || $0 > now.advanced(by: Self.longestSnooze) }) ?? true {
                refuse("until", "It is a time to come, within a year: ISO 8601 text, or seconds since the epoch.")
            }
            self.step = .snooze(until: until ?? now)
        }
        guard faults.isEmpty else { throw Problem.body(faults) }
    }

    // MARK: Description

    /// The body of a request for an action: the case's version and who acts, and what the action itself needs.
    static func schema(_ action: CaseAction) -> Schema {
        switch action {
        case .acknowledge: self.form("NewAcknowledgement")
        case .assign: self.form("NewAssignment", self.assignee.property)
        case .snooze: self.form("NewSnooze", Schema.Property(name: "until", schema: self.timeToCome))
        case .resolve: self.form("NewResolution", self.outcome.property)
        case .reopen: self.form("NewReopening")
        }
    }

    private static func form(_ name: String, _ own: Schema.Property...) -> Schema {
        let version = Schema.integer(from: 0, to: Int(Self.maximumVersion))
            .meaning("The version of the case as its sender has seen it.").named("CaseVersion")
        let agent = Self.agent.schema.orNull()
            .meaning("Who does it, where no one has to sign in; System where no one is named.").named("CaseAgent")
        let shared = [
            Schema.Property(name: "version", schema: version),
            Schema.Property(name: Self.agent.name, schema: agent, isRequired: false),
        ]
        return Schema.object(shared + own).named(name)
    }

    private static let timeToCome = Schema.anyOf([.number(), .time])
        .meaning("A time to come, within 366 days: ISO 8601 text, or seconds since the epoch.")
}
