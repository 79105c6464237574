import ChurnCore
import NIOCore

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// A command of a client of the live feed.
enum ClientCommand: Equatable {
    case ping
    /// Replaces the filter.
    case filter(UpdateFilter)
    case conflate(Bool)
    /// Asks how many subscribers have the same filter.
    case presence
    /// Says who the client is.
    case authenticate(token: String)

    /// The reason why a text is no command.
    struct Fault: Error {
        var code: StaticString
        var detail: StaticString
    }

    /// A member of a command: a text, or the values of a filter by field.
    private enum Member: Decodable {
        case text(String)
        case values([String: [String]])

        init(from decoder: any Decoder) throws {
            let container = try decoder.singleValueContainer()
            if let text = try? container.decode(String.self) {
                self = .text(text)
            } else {
                self = .values(try container.decode([String: Values].self).mapValues(\.texts))
            }
        }

        var text: String? { if case .text(let text) = self { text } else { nil } }
    }

    /// A text, or a list of texts.
    private struct Values: Decodable {
        var texts: [String]

        init(from decoder: any Decoder) throws {
            let container = try decoder.singleValueContainer()
            if let text = try? container.decode(String.self) {
                self.texts = [text]
            } else {
                self.texts = try container.decode([String].self)
            }
        }
    }

    /// Reads a command.
    ///
    /// Strict: a field that the command does not have is refused, for it may be a misspelt one.
    static func parse(_ text: ByteBuffer) throws(Fault) -> ClientCommand {
        guard RepeatedJSONKey.first(in: text.readableBytesView) == nil else {
            throw Fault(code: "malformed_command", detail: "An object of the command has a name twice.")
        }
        guard var fields = try? JSONDecoder().decode([String: Member].self, from: Data(text.readableBytesView)),
            let type = fields.removeValue(forKey: "type")?.text
        else {
            throw Fault(
                code: "malformed_command",
                detail:
                    "A command is a JSON object with a text field named type; its other fields are texts or a filter.")
        }
        let command: ClientCommand
        switch type {
        case "ping": command = .ping
        case "presence": command = .presence
        case "filter":
            guard case .values(let values)? = fields.removeValue(forKey: "filter") else {
                throw Fault(code: "bad_value", detail: "The field filter of filter is an object; {} for everything.")
            }
            command = .filter(try self.filter(values))
        case "conflate":
            switch fields.removeValue(forKey: "by")?.text {
            case "customer": command = .conflate(true)
            case "none": command = .conflate(false)
            default: throw Fault(code: "bad_value", detail: "The field by of conflate is customer or none.")
            }
        case "authenticate":
            guard let token = fields.removeValue(forKey: "token")?.text else {
                throw Fault(code: "bad_value", detail: "The field token of authenticate is a text.")
            }
            command = .authenticate(token: token)
        default:
            throw Fault(
                code: "unknown_command", detail: "The commands are ping, filter, conflate, presence and authenticate.")
        }
        guard fields.isEmpty else {
            throw Fault(code: "unknown_field", detail: "The command has a field that it does not know.")
        }
        return command
    }

    private static func filter(_ values: [String: [String]]) throws(Fault) -> UpdateFilter {
        var filter = UpdateFilter()
        for (name, values) in values {
            guard let field = UpdateFilter.Field(rawValue: name) else {
                throw Fault(
                    code: "unknown_field", detail: "A filter has the fields band, segment, customer, type, event_type.")
            }
            for value in values {
                do {
                    try filter.add(value, to: field)
                } catch {
                    throw Fault(code: "bad_value", detail: error.detail)
                }
            }
        }
        return filter
    }
}
