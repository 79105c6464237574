import ChurnCore
import Logging

/// A configuration key with the type of its value.
struct Setting<Value: Sendable>: Sendable {
    /// The key.
    let key: ConfigurationKey
    /// The value that holds where none is given.
    let defaultValue: Value
    /// Reads a value; nil where the text is not of the key's kind.
    let parse: @Sendable (String) -> Value?
}

extension Setting where Value == String {
    static func text(_ name: String, _ defaultValue: String, _ help: String) -> Self {
        let key = ConfigurationKey(name: name, kind: .text, defaultValue: defaultValue, help: help, isSecret: false)
        return Setting(key: key, defaultValue: defaultValue) { $0 }
    }

    static func choice(_ name: String, _ choices: [String], _ defaultValue: String, _ help: String) -> Self {
        let key = ConfigurationKey(
            name: name, kind: .choice(choices), defaultValue: defaultValue, help: help, isSecret: false)
        return Setting(key: key, defaultValue: defaultValue) { choices.contains($0) ? $0 : nil }
    }
}

extension Setting where Value == String? {
    static func text(_ name: String, _ help: String) -> Self {
        let key = ConfigurationKey(name: name, kind: .text, defaultValue: nil, help: help, isSecret: false)
        return Setting(key: key, defaultValue: nil) { $0 }
    }

    static func choice(_ name: String, _ choices: [String], _ help: String) -> Self {
        let key = ConfigurationKey(name: name, kind: .choice(choices), defaultValue: nil, help: help, isSecret: false)
        return Setting(key: key, defaultValue: nil) { choices.contains($0) ? $0 : nil }
    }
}

extension Setting where Value == Secret<String>? {
    static func secret(_ name: String, _ help: String) -> Self {
        let key = ConfigurationKey(name: name, kind: .text, defaultValue: nil, help: help, isSecret: true)
        return Setting(key: key, defaultValue: nil) { Secret($0) }
    }
}

extension Setting where Value == NamedValues {
    static func pairs(_ name: String, _ help: String) -> Self {
        let key = ConfigurationKey(name: name, kind: .pairs, defaultValue: nil, help: help, isSecret: false)
        return Setting(key: key, defaultValue: NamedValues(), parse: { NamedValues($0) })
    }
}

extension Setting where Value == Int {
    static func integer(_ name: String, _ range: ClosedRange<Int>, _ defaultValue: Int, _ help: String) -> Self {
        let key = ConfigurationKey(
            name: name, kind: .integer(range), defaultValue: "\(defaultValue)", help: help, isSecret: false)
        return Setting(key: key, defaultValue: defaultValue) { text in
            Int(text).flatMap { range.contains($0) ? $0 : nil }
        }
    }
}

extension Setting where Value == Int? {
    static func integer(_ name: String, _ range: ClosedRange<Int>, _ help: String) -> Self {
        let key = ConfigurationKey(name: name, kind: .integer(range), defaultValue: nil, help: help, isSecret: false)
        return Setting(key: key, defaultValue: nil) { text in
            Int(text).flatMap { range.contains($0) ? $0 : nil }
        }
    }
}

extension Setting where Value == Duration {
    /// A duration in whole milliseconds; the name ends in `Ms`.
    static func milliseconds(_ name: String, _ range: ClosedRange<Int>, _ defaultValue: Int, _ help: String) -> Self {
        let key = ConfigurationKey(
            name: name, kind: .integer(range), defaultValue: "\(defaultValue)", help: help, isSecret: false)
        return Setting(key: key, defaultValue: .milliseconds(defaultValue)) { text in
            Int(text).flatMap { range.contains($0) ? .milliseconds($0) : nil }
        }
    }
}

extension Setting where Value == Duration {
    /// A duration in whole seconds; the name ends in `Seconds`.
    static func seconds(_ name: String, _ range: ClosedRange<Int>, _ defaultValue: Int, _ help: String) -> Self {
        let key = ConfigurationKey(
            name: name, kind: .integer(range), defaultValue: "\(defaultValue)", help: help, isSecret: false)
        return Setting(key: key, defaultValue: .seconds(defaultValue)) { text in
            Int(text).flatMap { range.contains($0) ? .seconds($0) : nil }
        }
    }
}

extension Setting where Value == Duration? {
    /// A duration in whole milliseconds, or none; the name ends in `Ms`.
    static func milliseconds(_ name: String, _ range: ClosedRange<Int>, _ help: String) -> Self {
        let key = ConfigurationKey(name: name, kind: .integer(range), defaultValue: nil, help: help, isSecret: false)
        return Setting(key: key, defaultValue: nil) { text in
            Int(text).flatMap { range.contains($0) ? .milliseconds($0) : nil }
        }
    }

    /// A duration in whole seconds, or none; the name ends in `Seconds`.
    static func seconds(_ name: String, _ range: ClosedRange<Int>, _ help: String) -> Self {
        let key = ConfigurationKey(name: name, kind: .integer(range), defaultValue: nil, help: help, isSecret: false)
        return Setting(key: key, defaultValue: nil) { text in
            Int(text).flatMap { range.contains($0) ? .seconds($0) : nil }
        }
    }
}

extension Setting where Value == Double? {
    static func number(_ name: String, _ range: ClosedRange<Double>, _ help: String) -> Self {
        let key = ConfigurationKey(name: name, kind: .number(range), defaultValue: nil, help: help, isSecret: false)
        return Setting(key: key, defaultValue: nil) { text in
            Double(text).flatMap { range.contains($0) ? $0 : nil }
        }
    }
}

extension Setting where Value == Double {
    static func number(_ name: String, _ range: ClosedRange<Double>, _ defaultValue: Double, _ help: String) -> Self {
        let key = ConfigurationKey(
            name: name, kind: .number(range), defaultValue: "\(defaultValue)", help: help, isSecret: false)
        return Setting(key: key, defaultValue: defaultValue) { text in
            Double(text).flatMap { range.contains($0) ? $0 : nil }
        }
    }
}

extension Setting where Value == Bool {
    static func boolean(_ name: String, _ defaultValue: Bool, _ help: String) -> Self {
        let key = ConfigurationKey(
            name: name, kind: .boolean, defaultValue: "\(defaultValue)", help: help, isSecret: false)
        return Setting(key: key, defaultValue: defaultValue) { Bool($0) }
    }
}

extension Setting {
    /// One of an enumeration's names.
    static func named(_ name: String, _ defaultValue: Value, _ help: String) -> Setting
    where Value: CaseIterable & RawRepresentable, Value.RawValue == String {
        let key = ConfigurationKey(
            name: name, kind: .choice(Value.allCases.map(\.rawValue)), defaultValue: defaultValue.rawValue, help: help,
            isSecret: false)
        return Setting(key: key, defaultValue: defaultValue) { Value(rawValue: $0) }
    }
}
