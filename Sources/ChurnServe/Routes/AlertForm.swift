import ChurnCore
import ChurnInsight

/// The actions on an alert, by the last part of its address.
enum AlertAction: String, CaseIterable, Sendable {
    case acknowledge, assign, snooze, resolve, reopen
}

/// The body of a request that acts on an alert; all its faults are reported at once.
struct AlertForm: Equatable {
    /// The largest whole number that every reader of JSON knows exactly (RFC 8259, section 6).
    private static let maximumVersion: Int64 = 9_007_199_254_740_991
    private static let maximumName = 200
    private static let maximumOutcome = 2_000
    private static let longestSnooze = Duration.seconds(366 * 86_400)

    var version: Int64 = 0
    var agent: String?
    var step: AlertStep

    init(_ action: AlertAction, _ members: [String: JSONValue], at now: Timestamp) throws {
        var faults: [Problem.Fault] = []
        func refuse(_ name: String, _ detail: String) {
            faults.append(Problem.Fault(place: .body, name: "/\(name)", detail: detail))
        }
        func text(_ name: String, limit length: Int, isRequired: Bool) -> String? {
            let value = members[name] ?? .null
            if value == .null, !isRequired { return nil }
            guard case .text(let text) = value, text.unicodeScalars.count <= length, !text.utf8.contains(0),
                text.unicodeScalars.contains(where: { !$0.properties.isWhitespace })
            else {
                refuse(name, "It is text of 1 to \(length) characters, none of them NUL.")
                return nil
            }
            return text
        }
        if case .number(let number)? = members["version"], let version = Int64(exactly: number),
            (0...Self.maximumVersion).contains(version)
        {
            self.version = version
        } else {
            refuse("version", "It is the version of the alert as you read it, a whole number.")
        }
        self.agent = text("agent", limit: Self.maximumName, isRequired: false)
        switch action {
        case .acknowledge: self.step = .acknowledge
        case .reopen: self.step = .reopen
        case .assign: self.step = .assign(to: text("assignee", limit: Self.maximumName, isRequired: true) ?? "")
        case .resolve:
            self.step = .resolve(outcome: text("outcome", limit: Self.maximumOutcome, isRequired: true) ?? "")
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
}
