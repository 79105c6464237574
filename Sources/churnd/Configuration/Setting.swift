import ChurnCore
import Logging

/// A configuration key with the type of its value.
struct Setting<Value: Sendable>: Sendable {
    /// The key.
    let key: ConfigurationKey
    /// The value that holds where none is given.
    let standard: Value
    /// Reads a value; nil where the text is not of the key's kind.
    let parse: @Sendable (String) -> Value?
}

extension Setting where Value == String {
    static func text(_ name: String, _ standard: String, _ help: String) -> Self {
        let key = ConfigurationKey(name: name, kind: .text, standard: standard, help: help, isSecret: false)
        return Setting(key: key, standard: standard) { $0 }
    }

    static func choice(_ name: String, _ choices: [String], _ standard: String, _ help: String) -> Self {
        let key = ConfigurationKey(name: name, kind: .choice(choices), standard: standard, help: help, isSecret: false)
        return Setting(key: key, standard: standard) { choices.contains($0) ? $0 : nil }
    }
}

extension Setting where Value == String? {
    static func text(_ name: String, _ help: String) -> Self {
        let key = ConfigurationKey(name: name, kind: .text, standard: nil, help: help, isSecret: false)
        return Setting(key: key, standard: nil) { $0 }
    }

    static func choice(_ name: String, _ choices: [String], _ help: String) -> Self {
        let key = ConfigurationKey(name: name, kind: .choice(choices), standard: nil, help: help, isSecret: false)
        return Setting(key: key, standard: nil) { choices.contains($0) ? $0 : nil }
    }
}

extension Setting where Value == Secret<String>? {
    static func secret(_ name: String, _ help: String) -> Self {
        let key = ConfigurationKey(name: name, kind: .text, standard: nil, help: help, isSecret: true)
        return Setting(key: key, standard: nil) { Secret($0) }
    }
}

extension Setting where Value == NamedValues {
    static func pairs(_ name: String, _ help: String) -> Self {
        let key = ConfigurationKey(name: name, kind: .pairs, standard: nil, help: help, isSecret: false)
        return Setting(key: key, standard: NamedValues(), parse: { NamedValues($0) })
    }
}

extension Setting where Value == Int {
    static func integer(_ name: String, _ range: ClosedRange<Int>, _ standard: Int, _ help: String) -> Self {
        let key = ConfigurationKey(
            name: name, kind: .integer(range), standard: "\(standard)", help: help, isSecret: false)
        return Setting(key: key, standard: standard) { text in
            Int(text).flatMap { range.contains($0) ? $0 : nil }
        }
    }
}

extension Setting where Value == Int? {
    static func integer(_ name: String, _ range: ClosedRange<Int>, _ help: String) -> Self {
        let key = ConfigurationKey(name: name, kind: .integer(range), standard: nil, help: help, isSecret: false)
        return Setting(key: key, standard: nil) { text in
            Int(text).flatMap { range.contains($0) ? $0 : nil }
        }
    }
}

extension Setting where Value == Duration {
    /// A duration in whole milliseconds; the name ends in `Ms`.
    static func milliseconds(_ name: String, _ range: ClosedRange<Int>, _ standard: Int, _ help: String) -> Self {
        let key = ConfigurationKey(
            name: name, kind: .integer(range), standard: "\(standard)", help: help, isSecret: false)
        return Setting(key: key, standard: .milliseconds(standard)) { text in
            Int(text).flatMap { range.contains($0) ? .milliseconds($0) : nil }
        }
    }
}

extension Setting where Value == Duration {
    /// A duration in whole seconds; the name ends in `Seconds`.
    static func seconds(_ name: String, _ range: ClosedRange<Int>, _ standard: Int, _ help: String) -> Self {
        let key = ConfigurationKey(
            name: name, kind: .integer(range), standard: "\(standard)", help: help, isSecret: false)
        return Setting(key: key, standard: .seconds(standard)) { text in
            Int(text).flatMap { range.contains($0) ? .seconds($0) : nil }
        }
    }
}

extension Setting where Value == Duration? {
    /// A duration in whole milliseconds, or none; the name ends in `Ms`.
    static func milliseconds(_ name: String, _ range: ClosedRange<Int>, _ help: String) -> Self {
        let key = ConfigurationKey(name: name, kind: .integer(range), standard: nil, help: help, isSecret: false)
        return Setting(key: key, standard: nil) { text in
            Int(text).flatMap { range.contains($0) ? .milliseconds($0) : nil }
        }
    }

    /// A duration in whole seconds, or none; the name ends in `Seconds`.
    static func seconds(_ name: String, _ range: ClosedRange<Int>, _ help: String) -> Self {
        let key = ConfigurationKey(name: name, kind: .integer(range), standard: nil, help: help, isSecret: false)
        return Setting(key: key, standard: nil) { text in
            Int(text).flatMap { range.contains($0) ? .seconds($0) : nil }
        }
    }
}

extension Setting where Value == Double? {
    static func number(_ name: String, _ range: ClosedRange<Double>, _ help: String) -> Self {
        let key = ConfigurationKey(name: name, kind: .number(range), standard: nil, help: help, isSecret: false)
        return Setting(key: key, standard: nil) { text in
            Double(text).flatMap { range.contains($0) ? $0 : nil }
        }
    }
}

extension Setting where Value == Double {
    static func number(_ name: String, _ range: ClosedRange<Double>, _ standard: Double, _ help: String) -> Self {
        let key = ConfigurationKey(
            name: name, kind: .number(range), standard: "\(standard)", help: help, isSecret: false)
        return Setting(key: key, standard: standard) { text in
            Double(text).flatMap { range.contains($0) ? $0 : nil }
        }
    }
}

extension Setting where Value == Bool {
    static func boolean(_ name: String, _ standard: Bool, _ help: String) -> Self {
        let key = ConfigurationKey(name: name, kind: .boolean, standard: "\(standard)", help: help, isSecret: false)
        return Setting(key: key, standard: standard) { Bool($0) }
    }
}

extension Setting {
    /// One of an enumeration's names.
    static func named(_ name: String, _ standard: Value, _ help: String) -> Setting
    where Value: CaseIterable & RawRepresentable, Value.RawValue == String {
        let key = ConfigurationKey(
            name: name, kind: .choice(Value.allCases.map(\.rawValue)), standard: standard.rawValue, help: help,
            isSecret: false)
        return Setting(key: key, standard: standard) { Value(rawValue: $0) }
    }
}
