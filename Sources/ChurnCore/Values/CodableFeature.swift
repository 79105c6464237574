/// A feature's value as plain JSON has it: null, a number, a text or a boolean.
///
/// Model bundles are digested with what this writes: another form would make every bundle another one.
package struct CodableFeature: Codable, Hashable, Sendable {
    /// The value.
    package var value: FeatureValue

    /// Wraps a value.
    package init(_ value: FeatureValue) { self.value = value }

    /// Reads a value.
    package init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if container.decodeNil() {
            self.value = .missing
        } else if let flag = try? container.decode(Bool.self) {
            self.value = .boolean(flag)
        } else if let number = try? container.decode(Double.self) {
            self.value = .number(number)
        } else {
            self.value = .text(try container.decode(String.self))
        }
    }

    /// Writes the value.
    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        switch self.value {
        case .missing: try container.encodeNil()
        case .number(let number): try container.encode(number)
        case .text(let text): try container.encode(text)
        case .boolean(let flag): try container.encode(flag)
        }
    }
}
