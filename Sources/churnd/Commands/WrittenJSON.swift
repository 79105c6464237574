import ChurnCore
import Foundation

/// JSON that a command prints: indented, with the names of the REST interface.
enum WrittenJSON {
    static func text(_ value: some Encodable) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(value), as: UTF8.self)
    }
}

/// A feature's value as JSON has it: a number, a text, a boolean or null.
struct WrittenValue: Encodable {
    let value: FeatureValue

    init(_ value: FeatureValue) { self.value = value }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        switch self.value {
        case .missing: try container.encodeNil()
        case .number(let number): try container.encode(number)
        case .text(let text): try container.encode(text)
        case .boolean(let flag): try container.encode(flag)
        }
    }
}
